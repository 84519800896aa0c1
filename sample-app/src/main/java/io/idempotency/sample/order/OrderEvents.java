package io.idempotency.sample.order;

import org.springframework.context.annotation.Profile;
import org.springframework.modulith.events.ApplicationModuleListener;
import org.springframework.stereotype.Component;

/**
 * Takes events out of the outbox, at least once each: in a transaction and a thread of
 * their own, after the transaction that published them has committed. With the profile
 * {@code kafka}, {@link OrderRelay} takes them.
 */
@Component
@Profile("!kafka")
class OrderEvents {

	private final OrderProcessor processor;

	OrderEvents(OrderProcessor processor) {
		this.processor = processor;
	}

	@ApplicationModuleListener
	void on(OrderPlaced placed) {
		this.processor.process(placed);
	}

	@ApplicationModuleListener
	void on(CancellationRequested cancellation) {
		this.processor.cancel(cancellation);
	}

	@ApplicationModuleListener
	void on(OrderMoved moved) {
		this.processor.inform(moved);
	}

}
