package io.idempotency.messaging.kafka;

import java.util.function.Supplier;

import io.idempotency.messaging.CurrentDelivery;
import io.idempotency.messaging.Delivery;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

import org.springframework.kafka.listener.RecordInterceptor;

/**
 * Says which record a container is busy with, around the interceptor that the application
 * has given it, if any.
 */
final class DeliveryInterceptor<K, V> implements RecordInterceptor<K, V> {

	private final CurrentDelivery current;

	private final @Nullable RecordInterceptor<K, V> inner;

	private final @Nullable Boolean retries;

	private final Supplier<@Nullable Object> transaction;

	/**
	 * @param inner the application's own
	 * @param retries whether the container is one for a retry topic, if that is known
	 * @param transaction of the container
	 */
	DeliveryInterceptor(CurrentDelivery current, @Nullable RecordInterceptor<K, V> inner, @Nullable Boolean retries,
			Supplier<@Nullable Object> transaction) {
		this.current = current;
		this.inner = inner;
		this.retries = retries;
		this.transaction = transaction;
	}

	@Nullable RecordInterceptor<K, V> inner() {
		return this.inner;
	}

	@Override
	public @Nullable ConsumerRecord<K, V> intercept(ConsumerRecord<K, V> record, Consumer<K, V> consumer) {
		// one that an error has left behind
		this.current.end(null);
		ConsumerRecord<K, V> seen = (this.inner != null) ? this.inner.intercept(record, consumer) : record;
		if (seen != null) {
			this.current.begin(new Delivery((argument) -> KafkaTechnology.isOf(seen, argument),
					KafkaTechnology.read(seen, this.retries), this.transaction));
		}
		return seen;
	}

	@Override
	public void success(ConsumerRecord<K, V> record, Consumer<K, V> consumer) {
		if (this.inner != null) {
			this.inner.success(record, consumer);
		}
	}

	@Override
	public void failure(ConsumerRecord<K, V> record, Exception exception, Consumer<K, V> consumer) {
		if (this.inner != null) {
			this.inner.failure(record, exception, consumer);
		}
	}

	@Override
	public void afterRecord(ConsumerRecord<K, V> record, Consumer<K, V> consumer) {
		this.current.end(null);
		if (this.inner != null) {
			this.inner.afterRecord(record, consumer);
		}
	}

	@Override
	public void setupThreadState(Consumer<?, ?> consumer) {
		if (this.inner != null) {
			this.inner.setupThreadState(consumer);
		}
	}

	@Override
	public void clearThreadState(Consumer<?, ?> consumer) {
		this.current.end(null);
		if (this.inner != null) {
			this.inner.clearThreadState(consumer);
		}
	}

}
