package io.idempotency.messaging.amqp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;

import com.rabbitmq.client.Channel;
import io.idempotency.messaging.ManualAcknowledgement;
import io.idempotency.messaging.ObservedCalls;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.support.AmqpHeaders;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;

/** Sees whether a method gives its message back over the channel. */
final class ObservedChannel implements ManualAcknowledgement {

	private final Channel channel;

	private final long deliveryTag;

	private final @Nullable Object[] given;

	private boolean returned;

	ObservedChannel(Channel channel, long deliveryTag, @Nullable Object[] given) {
		this.channel = channel;
		this.deliveryTag = deliveryTag;
		this.given = given;
	}

	@Override
	public @Nullable Object[] arguments() {
		Channel observed = ObservedCalls.of(Channel.class, this.channel, this::called);
		return Arrays.stream(this.given).map((argument) -> observed(argument, observed)).toArray();
	}

	private static @Nullable Object observed(@Nullable Object argument, Channel observed) {
		if (AmqpTechnology.channel(argument) == null) {
			return argument;
		}
		return (argument instanceof Message<?> message)
				? MessageBuilder.fromMessage(message).setHeader(AmqpHeaders.CHANNEL, observed).build() : observed;
	}

	private void called(String method, Object[] arguments) {
		switch (method) {
			case "basicReject" -> this.returned |= (long) arguments[0] == this.deliveryTag;
			case "basicNack" -> this.returned |= (long) arguments[0] == this.deliveryTag
					|| ((boolean) arguments[1] && isUpTo((long) arguments[0]));
			case "basicRecover" -> this.returned = true;
			default -> {
				// nothing that gives it back
			}
		}
	}

	/** Zero means all. */
	private boolean isUpTo(long tag) {
		return tag == 0 || tag >= this.deliveryTag;
	}

	@Override
	public boolean isReturned() {
		return this.returned;
	}

	@Override
	public void acknowledge() {
		try {
			this.channel.basicAck(this.deliveryTag, false);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
