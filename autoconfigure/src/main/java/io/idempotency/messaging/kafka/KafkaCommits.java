package io.idempotency.messaging.kafka;

import io.idempotency.messaging.CurrentDelivery;
import io.idempotency.messaging.Delivery;
import org.jspecify.annotations.Nullable;

import org.springframework.kafka.core.ProducerFactory;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Tells a delivery how a transaction of Kafka has ended. Spring's manager of these takes
 * no synchronizations, but has listeners.
 */
final class KafkaCommits implements TransactionExecutionListener {

	private final CurrentDelivery current;

	private final ProducerFactory<?, ?> producers;

	/**
	 * @param producers of the transactions
	 */
	KafkaCommits(CurrentDelivery current, ProducerFactory<?, ?> producers) {
		this.current = current;
		this.producers = producers;
	}

	/** What stands for the transaction of this thread, if there is one. */
	static @Nullable Object transaction(ProducerFactory<?, ?> producers) {
		return TransactionSynchronizationManager.getResource(producers);
	}

	@Override
	public void afterCommit(TransactionExecution transaction, @Nullable Throwable failure) {
		Delivery delivery = this.current.get();
		if (delivery == null) {
			return;
		}
		if (failure == null) {
			delivery.committed(transaction(this.producers));
		}
		else {
			delivery.notCommitted(transaction(this.producers));
		}
	}

	@Override
	public void afterRollback(TransactionExecution transaction, @Nullable Throwable failure) {
		Delivery delivery = this.current.get();
		if (delivery != null) {
			delivery.notCommitted(transaction(this.producers));
		}
	}

}
