package io.idempotency.aop;

import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Transactions around calls, or within them. */
class Surroundings {

	@Transactional
	public void required(Bookings.Body body) throws Throwable {
		body.run();
	}

	@Transactional(propagation = Propagation.REQUIRES_NEW)
	public void requiresNew(Bookings.Body body) throws Throwable {
		body.run();
	}

	@Transactional(propagation = Propagation.NESTED)
	public void nested(Bookings.Body body) throws Throwable {
		body.run();
	}

	@Transactional(propagation = Propagation.SUPPORTS)
	public void supports(Bookings.Body body) throws Throwable {
		body.run();
	}

	@Transactional(propagation = Propagation.NOT_SUPPORTED)
	public void notSupported(Bookings.Body body) throws Throwable {
		body.run();
	}

	@Transactional(readOnly = true)
	public void readOnly(Bookings.Body body) throws Throwable {
		body.run();
	}

}
