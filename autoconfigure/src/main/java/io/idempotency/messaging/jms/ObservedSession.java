package io.idempotency.messaging.jms;

import java.util.Arrays;

import io.idempotency.messaging.ManualAcknowledgement;
import io.idempotency.messaging.ObservedCalls;
import jakarta.jms.Session;
import org.jspecify.annotations.Nullable;

/**
 * Sees whether a method gives its message back over the session. What is not given back
 * the container acknowledges or commits, a skipped message too.
 */
final class ObservedSession implements ManualAcknowledgement {

	private final Session session;

	private final @Nullable Object[] given;

	private boolean returned;

	ObservedSession(Session session, @Nullable Object[] given) {
		this.session = session;
		this.given = given;
	}

	@Override
	public @Nullable Object[] arguments() {
		Session observed = ObservedCalls.of(Session.class, this.session, (method, arguments) -> {
			this.returned |= method.equals("rollback") || method.equals("recover");
		});
		return Arrays.stream(this.given)
			.map((argument) -> (argument instanceof Session) ? observed : argument)
			.toArray();
	}

	@Override
	public boolean isReturned() {
		return this.returned;
	}

	@Override
	public void acknowledge() {
		// the container does when the method returns
	}

}
