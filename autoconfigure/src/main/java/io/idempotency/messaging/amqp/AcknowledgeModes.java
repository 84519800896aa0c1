package io.idempotency.messaging.amqp;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.springframework.amqp.rabbit.listener.AbstractMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.RabbitListenerEndpointRegistry;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Who acknowledges the messages of a queue: its container, or the method. To acknowledge
 * what the container acknowledges too closes the channel.
 */
public final class AcknowledgeModes {

	private final ObjectProvider<RabbitListenerEndpointRegistry> registries;

	private final ObjectProvider<AbstractMessageListenerContainer> containers;

	/**
	 * @param registries of containers of annotated methods
	 * @param containers that are beans
	 */
	public AcknowledgeModes(ObjectProvider<RabbitListenerEndpointRegistry> registries,
			ObjectProvider<AbstractMessageListenerContainer> containers) {
		this.registries = registries;
		this.containers = containers;
	}

	boolean isManual(String queue) {
		Set<Boolean> modes = Stream
			.concat(this.registries.stream().flatMap((registry) -> registry.getListenerContainers().stream()),
					this.containers.stream())
			.filter(AbstractMessageListenerContainer.class::isInstance)
			.map(AbstractMessageListenerContainer.class::cast)
			.filter((container) -> Arrays.asList(container.getQueueNames()).contains(queue))
			.map((container) -> container.getAcknowledgeMode().isManual())
			.collect(Collectors.toSet());
		if (modes.size() != 1) {
			throw new IllegalStateException("It is not known who acknowledges the messages of the queue " + queue
					+ ": its containers do not agree, or none is known. Take the Channel from the method's parameters,"
					+ " or let all containers of the queue have one acknowledge mode");
		}
		return modes.contains(true);
	}

}
