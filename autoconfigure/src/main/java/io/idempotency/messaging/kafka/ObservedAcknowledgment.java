package io.idempotency.messaging.kafka;

import java.time.Duration;
import java.util.Arrays;

import io.idempotency.messaging.ManualAcknowledgement;
import org.jspecify.annotations.Nullable;

import org.springframework.kafka.support.Acknowledgment;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;

/** Sees whether a method gives its record back. */
final class ObservedAcknowledgment implements ManualAcknowledgement, Acknowledgment {

	private final Acknowledgment target;

	private final @Nullable Object[] given;

	private boolean returned;

	ObservedAcknowledgment(Acknowledgment target, @Nullable Object[] given) {
		this.target = target;
		this.given = given;
	}

	@Override
	public @Nullable Object[] arguments() {
		return Arrays.stream(this.given).map(this::observed).toArray();
	}

	private @Nullable Object observed(@Nullable Object argument) {
		if (KafkaTechnology.acknowledgment(argument) == null) {
			return argument;
		}
		return (argument instanceof Message<?> message)
				? MessageBuilder.fromMessage(message).setHeader(KafkaHeaders.ACKNOWLEDGMENT, this).build() : this;
	}

	@Override
	public boolean isReturned() {
		return this.returned;
	}

	@Override
	public void acknowledge() {
		this.target.acknowledge();
	}

	@Override
	public void acknowledge(int index) {
		this.target.acknowledge(index);
	}

	@Override
	public void nack(Duration sleep) {
		this.target.nack(sleep);
		this.returned = true;
	}

	@Override
	public void nack(int index, Duration sleep) {
		this.target.nack(index, sleep);
		this.returned = true;
	}

	@Override
	public boolean isOutOfOrderCommit() {
		return this.target.isOutOfOrderCommit();
	}

}
