package io.idempotency.sample;

import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/** What goes wrong on the way of a payment. */
interface Faults {

	/** The request is accepted, nothing happened yet. */
	void beforeCharge();

	/** The charge is committed, the caller does not know yet. */
	void afterCharge();

	/** Nobody makes faults on purpose in production. */
	@Component
	@Profile("production")
	final class None implements Faults {

		@Override
		public void beforeCharge() {
		}

		@Override
		public void afterCharge() {
		}

	}

}
