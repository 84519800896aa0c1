package io.idempotency.messaging.jms;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import jakarta.jms.Connection;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import jakarta.jms.Session;

/** A connection factory whose sessions fail to commit when a test says so. */
final class FailingCommits {

	/** How many of the next deliveries fail to commit. */
	final AtomicInteger toFail = new AtomicInteger();

	/** Containers commit when they have received nothing, too. */
	private final Set<Thread> failing = ConcurrentHashMap.newKeySet();

	/** A listener does something that is to be committed. */
	void beforeCommit() {
		if (this.toFail.getAndUpdate((left) -> Math.max(0, left - 1)) > 0) {
			this.failing.add(Thread.currentThread());
		}
	}

	ConnectionFactory of(ConnectionFactory target) {
		return proxy(ConnectionFactory.class, target);
	}

	private <T> T proxy(Class<T> type, T target) {
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (proxy, method, arguments) -> {
				if (method.getName().equals("commit") && this.failing.remove(Thread.currentThread())) {
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
