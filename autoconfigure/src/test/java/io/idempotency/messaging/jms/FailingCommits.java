package io.idempotency.messaging.jms;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Session;

/** A connection factory whose sessions fail to commit when a test says so. */
final class FailingCommits {

	/** How many of the next commits fail. */
	final AtomicInteger toFail = new AtomicInteger();

	ConnectionFactory of(ConnectionFactory target) {
		return proxy(ConnectionFactory.class, target);
	}

	private <T> T proxy(Class<T> type, T target) {
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (proxy, method, arguments) -> {
				if (method.getName().equals("commit")
						&& this.toFail.getAndUpdate((left) -> Math.max(0, left - 1)) > 0) {
					throw new JMSException("the commit fails");
				}
				try {
					Object result = method.invoke(target, arguments);
					if (result instanceof Connection connection) {
						return proxy(Connection.class, connection);
					}
					return (result instanceof Session session) ? proxy(Session.class, session) : result;
				}
				catch (InvocationTargetException ex) {
					throw ex.getCause();
				}
			}));
	}

}
