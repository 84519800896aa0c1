package io.idempotency.sample.order;

import java.util.Set;

/** Where an order stands, and where it may go from there. */
enum OrderStatus {

	PLACED, CONFIRMED, REJECTED, CANCELLED;

	/** What may come next; nothing after an end. */
	Set<OrderStatus> next() {
		return switch (this) {
			case PLACED -> Set.of(CONFIRMED, REJECTED);
			case CONFIRMED -> Set.of(CANCELLED);
			case REJECTED, CANCELLED -> Set.of();
		};
	}

}
