package io.idempotency.messaging.jms;

import io.idempotency.messaging.CurrentDelivery;
import io.idempotency.messaging.Delivery;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.MessageListener;
import jakarta.jms.Session;

import org.springframework.jms.listener.SessionAwareMessageListener;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Says which message a container is busy with. Where the container's session has a
 * transaction of its own, this commits it before the record says done, a moment before
 * the container would: a commit that fails brings the message back, and it would be
 * skipped.
 */
final class DeliveryListener implements SessionAwareMessageListener<Message> {

	private final CurrentDelivery current;

	private final Object listener;

	/**
	 * @param listener a {@link MessageListener} or {@link SessionAwareMessageListener}
	 */
	DeliveryListener(CurrentDelivery current, Object listener) {
		this.current = current;
		this.listener = listener;
	}

	@Override
	public void onMessage(Message message, Session session) throws JMSException {
		boolean transacted = session.getTransacted() && !TransactionSynchronizationManager.isActualTransactionActive();
		Delivery delivery = new Delivery((argument) -> JmsTechnology.isOf(message, argument),
				JmsTechnology.read(message), () -> transacted ? session : null);
		Delivery before = this.current.begin(delivery);
		try {
			call(message, session);
			if (delivery.isAwaiting(session)) {
				session.commit();
				delivery.committed(session);
			}
		}
		finally {
			this.current.end(before);
		}
	}

	/** One that can take the session is given it, as by its container. */
	@SuppressWarnings("unchecked") // a container takes nothing else
	private void call(Message message, Session session) throws JMSException {
		if (this.listener instanceof SessionAwareMessageListener<?>) {
			((SessionAwareMessageListener<Message>) this.listener).onMessage(message, session);
		}
		else {
			((MessageListener) this.listener).onMessage(message);
		}
	}

}
