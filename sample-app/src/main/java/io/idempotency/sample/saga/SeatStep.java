package io.idempotency.sample.saga;

import io.idempotency.Idempotent;

import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Takes a seat, or gives it back. */
@Component
@Order(1)
class SeatStep implements TripStep {

	private final StepLog log;

	private final JdbcClient jdbc;

	SeatStep(StepLog log, JdbcClient jdbc) {
		this.log = log;
		this.jdbc = jdbc;
	}

	@Override
	public String name() {
		return "seat";
	}

	@Override
	@Idempotent(operation = "seat", key = "#key", store = "jdbc-transactional")
	public String run(String key, Trip trip) {
		this.log.begin(key);
		if (change(trip, "set seats = seats - 1 where code = :flight and seats > 0") == 0) {
			throw new StepRefusedException("There is no seat on " + trip.flight());
		}
		int left = this.jdbc.sql("select seats from flight where code = :flight")
			.param("flight", trip.flight())
			.query(Integer.class)
			.single();
		return "seat " + (left + 1);
	}

	@Override
	@Idempotent(operation = "seat-back", key = "#key", store = "jdbc-transactional")
	public void compensate(String key, String stepKey, Trip trip) {
		if (this.log.withdraw(stepKey)) {
			change(trip, "set seats = seats + 1 where code = :flight");
		}
	}

	private int change(Trip trip, String what) {
		return this.jdbc.sql("update flight " + what).param("flight", trip.flight()).update();
	}

}
