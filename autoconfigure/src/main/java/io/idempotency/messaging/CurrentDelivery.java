package io.idempotency.messaging;

import org.jspecify.annotations.Nullable;

/**
 * The delivery that a thread of a container is busy with, so that a method that takes
 * only the payload is known by its message too. Containers are told to begin and end it;
 * the door asks.
 */
public final class CurrentDelivery {

	@SuppressWarnings("ThreadLocalUsage") // applications in one process share nothing
	private final ThreadLocal<@Nullable Delivery> deliveries = new ThreadLocal<>();

	/**
	 * A delivery begins in this thread.
	 * @return what the thread was busy with before, for {@link #end}
	 */
	public @Nullable Delivery begin(Delivery delivery) {
		Delivery before = this.deliveries.get();
		this.deliveries.set(delivery);
		return before;
	}

	/** The delivery of this thread, if it is busy with one. */
	public @Nullable Delivery get() {
		return this.deliveries.get();
	}

	/** The delivery of this thread is over, if there is one. */
	public void end(@Nullable Delivery before) {
		Delivery ended = this.deliveries.get();
		if (before != null) {
			this.deliveries.set(before);
		}
		else {
			this.deliveries.remove();
		}
		if (ended != null) {
			ended.end();
		}
	}

}
