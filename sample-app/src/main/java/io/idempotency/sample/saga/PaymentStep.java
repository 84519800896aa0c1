package io.idempotency.sample.saga;

import io.idempotency.Idempotent;

import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Charges the account, or refunds it. */
@Component
@Order(2)
class PaymentStep implements TripStep {

	private final StepLog log;

	private final JdbcClient jdbc;

	PaymentStep(StepLog log, JdbcClient jdbc) {
		this.log = log;
		this.jdbc = jdbc;
	}

	@Override
	public String name() {
		return "payment";
	}

	@Override
	@Idempotent(operation = "payment", key = "#key", store = "jdbc-transactional")
	public String run(String key, Trip trip) {
		this.log.begin(key);
		if (change(trip, "set balance = balance - :price where id = :account and balance >= :price") == 0) {
			throw new StepRefusedException("There is not enough money in " + trip.account());
		}
		return "paid " + trip.price();
	}

	@Override
	@Idempotent(operation = "refund", key = "#key", store = "jdbc-transactional")
	public void compensate(String key, String stepKey, Trip trip) {
		if (this.log.withdraw(stepKey)) {
			change(trip, "set balance = balance + :price where id = :account");
		}
	}

	private int change(Trip trip, String what) {
		return this.jdbc.sql("update account " + what)
			.param("account", trip.account())
			.param("price", trip.price())
			.update();
	}

}
