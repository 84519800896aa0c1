package io.idempotency.messaging.kafka;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import io.idempotency.aop.MethodOperation;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.ResolvableType;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.annotation.KafkaListenerAnnotationBeanPostProcessor;
import org.springframework.kafka.config.AbstractKafkaListenerContainerFactory;
import org.springframework.messaging.Message;

/** Which listeners get many records at once. */
public final class BatchListeners {

	private final ConfigurableListableBeanFactory beans;

	/**
	 * @param beans of the application, among them the factories of containers
	 */
	public BatchListeners(ConfigurableListableBeanFactory beans) {
		this.beans = beans;
	}

	boolean isBatch(MethodOperation operation) {
		boolean takesMany = Arrays.stream(operation.method().getGenericParameterTypes())
			.map((type) -> ResolvableType.forType(type))
			.anyMatch(BatchListeners::isMany);
		return takesMany
				|| listeners(operation.method(), operation.targetClass()).anyMatch((listener) -> isBatch(listener));
	}

	private static Stream<MergedAnnotation<KafkaListener>> listeners(Method method, Class<?> type) {
		return Stream.concat(MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY).stream(KafkaListener.class),
				MergedAnnotations.from(type, SearchStrategy.TYPE_HIERARCHY).stream(KafkaListener.class));
	}

	private static boolean isMany(ResolvableType type) {
		if (ConsumerRecords.class.isAssignableFrom(type.toClass())) {
			return true;
		}
		Class<?> element = type.as(Iterable.class).getGeneric(0).toClass();
		return List.class.isAssignableFrom(type.toClass())
				&& (ConsumerRecord.class.isAssignableFrom(element) || Message.class.isAssignableFrom(element));
	}

	private boolean isBatch(MergedAnnotation<KafkaListener> listener) {
		String said = resolve(listener.getString("batch"));
		return (said != null && !said.isEmpty()) ? Boolean.parseBoolean(said)
				: isFactoryOfBatches(resolve(listener.getString("containerFactory")));
	}

	private boolean isFactoryOfBatches(@Nullable String named) {
		String name = (named == null || named.isEmpty())
				? KafkaListenerAnnotationBeanPostProcessor.DEFAULT_KAFKA_LISTENER_CONTAINER_FACTORY_BEAN_NAME : named;
		return this.beans.containsBean(name)
				&& this.beans.getBean(name) instanceof AbstractKafkaListenerContainerFactory<?, ?, ?> factory
				&& Boolean.TRUE.equals(factory.isBatchListener());
	}

	private @Nullable String resolve(String value) {
		return this.beans.resolveEmbeddedValue(value);
	}

}
