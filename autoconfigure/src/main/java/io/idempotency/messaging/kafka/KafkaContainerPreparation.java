package io.idempotency.messaging.kafka;

import io.idempotency.messaging.CurrentDelivery;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.config.AbstractKafkaListenerContainerFactory;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.listener.AbstractMessageListenerContainer;

/**
 * Finds what has to be prepared: factories and containers that are beans when they are
 * made, containers of annotated methods before the first of them starts.
 */
public final class KafkaContainerPreparation implements BeanPostProcessor, SmartLifecycle {

	private final KafkaContainers containers;

	private final ObjectProvider<KafkaListenerEndpointRegistry> registries;

	private volatile boolean running;

	/**
	 * @param current is told which record a thread is busy with
	 * @param registries of containers of annotated methods
	 */
	public KafkaContainerPreparation(CurrentDelivery current,
			ObjectProvider<KafkaListenerEndpointRegistry> registries) {
		this.containers = new KafkaContainers(current);
		this.registries = registries;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof AbstractKafkaListenerContainerFactory<?, ?, ?> factory) {
			this.containers.prepare(factory);
		}
		else if (bean instanceof AbstractMessageListenerContainer<?, ?> container) {
			this.containers.prepare(container);
		}
		return bean;
	}

	@Override
	public void start() {
		this.registries.forEach((registry) -> registry.getListenerContainers().forEach((container) -> {
			if (container instanceof AbstractMessageListenerContainer<?, ?> known && !known.isRunning()) {
				this.containers.prepare(known);
			}
		}));
		this.running = true;
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
