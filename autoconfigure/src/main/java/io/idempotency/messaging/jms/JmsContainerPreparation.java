package io.idempotency.messaging.jms;

import io.idempotency.messaging.CurrentDelivery;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.jms.config.JmsListenerEndpointRegistry;
import org.springframework.jms.listener.AbstractMessageListenerContainer;

/** Prepares the containers of annotated methods before the first of them starts. */
public final class JmsContainerPreparation implements SmartLifecycle {

	private final CurrentDelivery current;

	private final ObjectProvider<JmsListenerEndpointRegistry> registries;

	private volatile boolean running;

	/**
	 * @param current is told which message a thread is busy with
	 * @param registries of containers of annotated methods
	 */
	public JmsContainerPreparation(CurrentDelivery current, ObjectProvider<JmsListenerEndpointRegistry> registries) {
		this.current = current;
		this.registries = registries;
	}

	@Override
	public void start() {
		this.registries.forEach((registry) -> registry.getListenerContainers().forEach((container) -> {
			if (container instanceof AbstractMessageListenerContainer known) {
				prepare(known);
			}
		}));
		this.running = true;
	}

	private void prepare(AbstractMessageListenerContainer container) {
		Object listener = container.getMessageListener();
		if (listener != null && !(listener instanceof DeliveryListener)) {
			container.setMessageListener(new DeliveryListener(this.current, listener));
		}
	}

	@Override
	public void stop() {
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/** Before containers, whatever phase they have. */
	@Override
	public int getPhase() {
		return Integer.MIN_VALUE;
	}

}
