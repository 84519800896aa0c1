package io.idempotency.aop;

import java.util.UUID;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** One application for all tests of a class, and a key for each. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class WithTransactionalApplication {

	String key = "";

	TransactionalApplication application;

	Bookings bookings;

	Surroundings surroundings;

	abstract TransactionalApplication startApplication();

	@BeforeAll
	final void start() {
		this.application = startApplication();
		this.bookings = this.application.bookings();
		this.surroundings = this.application.surroundings();
	}

	@AfterAll
	final void stop() {
		this.application.close();
	}

	@BeforeEach
	final void newKey() {
		this.key = UUID.randomUUID().toString();
	}

	@AfterEach
	final void nothingIsLeftBehind() {
		this.application.assertNothingIsLeftBehind();
	}

	final int effects() {
		return this.application.effects(this.key);
	}

}
