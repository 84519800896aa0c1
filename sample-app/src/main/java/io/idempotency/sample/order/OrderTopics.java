package io.idempotency.sample.order;

import java.util.List;

/**
 * Topics of the profile {@code kafka}. Each kind of event has its own, so that one that
 * has to wait for another kind does not stand in its way.
 */
final class OrderTopics {

	static final String PLACED = "orders.placed";

	static final String CANCELLATIONS = "orders.cancellations";

	static final String MOVED = "orders.moved";

	static final String NOTICES = "orders.notices";

	static final List<String> ALL = List.of(PLACED, CANCELLATIONS, MOVED, NOTICES);

	private OrderTopics() {
	}

}
