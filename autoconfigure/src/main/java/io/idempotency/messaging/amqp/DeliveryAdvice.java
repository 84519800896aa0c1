package io.idempotency.messaging.amqp;

import com.rabbitmq.client.Channel;
import io.idempotency.messaging.CurrentDelivery;
import io.idempotency.messaging.Delivery;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.connection.ChannelProxy;
import org.springframework.amqp.rabbit.connection.RabbitUtils;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Says which message a container is busy with, before any other advice of it. Where the
 * container's channel has a transaction of its own, what was sent in it is committed
 * before the record says done, and before the container acknowledges: the other way
 * round, a commit that fails would bring the message back and it would be skipped.
 */
final class DeliveryAdvice implements MethodInterceptor {

	private final CurrentDelivery current;

	DeliveryAdvice(CurrentDelivery current) {
		this.current = current;
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation) throws Throwable {
		@Nullable Object[] arguments = invocation.getArguments();
		if (arguments.length != 2 || !(arguments[0] instanceof Channel channel)
				|| !(arguments[1] instanceof Message message)) {
			return invocation.proceed();
		}
		boolean transacted = channel instanceof ChannelProxy proxy && proxy.isTransactional()
				&& !TransactionSynchronizationManager.isActualTransactionActive();
		Delivery delivery = new Delivery((argument) -> AmqpTechnology.isOf(message, argument),
				AmqpTechnology.read(message), () -> transacted ? channel : null);
		Delivery before = this.current.begin(delivery);
		try {
			Object result = invocation.proceed();
			if (delivery.isAwaiting(channel)) {
				RabbitUtils.commitIfNecessary(channel);
				delivery.committed(channel);
			}
			return result;
		}
		finally {
			this.current.end(before);
		}
	}

}
