package io.idempotency.messaging.amqp;

import io.idempotency.messaging.CurrentDelivery;
import org.aopalliance.aop.Advice;

import org.springframework.amqp.rabbit.config.BaseRabbitListenerContainerFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.util.ObjectUtils;

/**
 * Puts our advice before those that the application has given to a factory of containers.
 */
public final class AmqpContainerPreparation implements BeanPostProcessor {

	private final CurrentDelivery current;

	/**
	 * @param current is told which message a thread is busy with
	 */
	public AmqpContainerPreparation(CurrentDelivery current) {
		this.current = current;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof BaseRabbitListenerContainerFactory<?> factory) {
			Advice[] own = factory.getAdviceChain();
			Advice[] all = new Advice[(own != null) ? own.length + 1 : 1];
			all[0] = new DeliveryAdvice(this.current);
			if (!ObjectUtils.isEmpty(own)) {
				System.arraycopy(own, 0, all, 1, own.length);
			}
			factory.setAdviceChain(all);
		}
		return bean;
	}

}
