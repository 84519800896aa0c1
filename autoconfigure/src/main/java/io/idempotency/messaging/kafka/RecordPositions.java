package io.idempotency.messaging.kafka;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collection;
import java.util.stream.Stream;

import io.idempotency.aop.PositionSource;
import io.idempotency.aop.StreamMethod;
import io.idempotency.aop.StreamRule;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanExpressionContext;
import org.springframework.beans.factory.config.BeanExpressionResolver;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.annotation.RetryableTopic;
import org.springframework.kafka.annotation.TopicPartition;
import org.springframework.kafka.retrytopic.RetryTopicConfiguration;

/**
 * Each partition of a topic is a stream, and the offset of a record its position.
 * Listeners that put records aside in retry topics fail the start: what overtakes a
 * record moves the mark over it.
 */
public final class RecordPositions implements PositionSource, StreamRule {

	private final ConfigurableListableBeanFactory beans;

	private final ObjectProvider<RetryTopicConfiguration> retryTopics;

	/**
	 * @param beans resolves names of topics
	 * @param retryTopics that are configured without an annotation
	 */
	public RecordPositions(ConfigurableListableBeanFactory beans, ObjectProvider<RetryTopicConfiguration> retryTopics) {
		this.beans = beans;
		this.retryTopics = retryTopics;
	}

	@Override
	public boolean serves(Method method) {
		return Arrays.stream(method.getParameterTypes()).filter(ConsumerRecord.class::isAssignableFrom).count() == 1;
	}

	@Override
	public @Nullable Object stream(Method method, @Nullable Object[] arguments) {
		ConsumerRecord<?, ?> record = record(arguments);
		return (record != null) ? record.topic() + "-" + record.partition() : null;
	}

	@Override
	public @Nullable Object position(Method method, @Nullable Object[] arguments) {
		ConsumerRecord<?, ?> record = record(arguments);
		return (record != null) ? record.offset() : null;
	}

	private static @Nullable ConsumerRecord<?, ?> record(@Nullable Object[] arguments) {
		for (Object argument : arguments) {
			if (argument instanceof ConsumerRecord<?, ?> record) {
				return record;
			}
		}
		return null;
	}

	@Override
	public void validate(StreamMethod method) {
		boolean putsAside = annotations(method).anyMatch((annotations) -> annotations.isPresent(RetryableTopic.class))
				|| annotations(method).flatMap((annotations) -> annotations.stream(KafkaListener.class))
					.anyMatch(this::hasRetryTopics);
		if (putsAside) {
			throw method.invalid(
					"its records go to retry topics when they fail, so later ones overtake them, move the mark, and they"
							+ " would be skipped without having been done.",
					"Let the container deliver a record again before the next one, with a DefaultErrorHandler and"
							+ " without retry topics, or use @Idempotent.");
		}
	}

	private static Stream<MergedAnnotations> annotations(StreamMethod method) {
		return Stream.of(MergedAnnotations.from(method.method(), SearchStrategy.TYPE_HIERARCHY),
				MergedAnnotations.from(method.targetClass(), SearchStrategy.TYPE_HIERARCHY));
	}

	private boolean hasRetryTopics(MergedAnnotation<KafkaListener> listener) {
		Stream<String> partitions = Arrays.stream(listener.getAnnotationArray("topicPartitions", TopicPartition.class))
			.map((partition) -> partition.getString("topic"));
		String[] topics = Stream.concat(Arrays.stream(listener.getStringArray("topics")), partitions)
			.flatMap(this::resolve)
			.toArray(String[]::new);
		return topics.length > 0
				&& this.retryTopics.stream().anyMatch((each) -> each.hasConfigurationForTopics(topics));
	}

	/** As the annotation's own processor does: placeholders, then an expression. */
	private Stream<String> resolve(String text) {
		String resolved = this.beans.resolveEmbeddedValue(text);
		BeanExpressionResolver expressions = this.beans.getBeanExpressionResolver();
		Object value = (expressions != null)
				? expressions.evaluate(resolved, new BeanExpressionContext(this.beans, null)) : resolved;
		if (value instanceof Collection<?> all) {
			return all.stream().map(String::valueOf);
		}
		return (value instanceof Object[] all) ? Arrays.stream(all).map(String::valueOf)
				: Stream.of(String.valueOf(value));
	}

}
