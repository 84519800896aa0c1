package io.idempotency.sample.saga;

import java.util.UUID;

import io.idempotency.Idempotent;

import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Issues a ticket, or annuls it. Flights that are closed have none. */
@Component
@Order(3)
class TicketStep implements TripStep {

	private final StepLog log;

	private final JdbcClient jdbc;

	TicketStep(StepLog log, JdbcClient jdbc) {
		this.log = log;
		this.jdbc = jdbc;
	}

	@Override
	public String name() {
		return "ticket";
	}

	@Override
	@Idempotent(operation = "ticket", key = "#key", store = "jdbc-transactional")
	public String run(String key, Trip trip) {
		this.log.begin(key);
		// a random number: a second run would give another one
		String number = UUID.randomUUID().toString();
		int issued = this.jdbc
			.sql("insert into ticket (number, trip) select :number, :trip from flight"
					+ " where code = :flight and not closed")
			.param("number", number)
			.param("trip", trip.id())
			.param("flight", trip.flight())
			.update();
		if (issued == 0) {
			throw new StepRefusedException("There are no tickets for " + trip.flight());
		}
		return "ticket " + number;
	}

	@Override
	@Idempotent(operation = "ticket-back", key = "#key", store = "jdbc-transactional")
	public void compensate(String key, String stepKey, Trip trip) {
		if (this.log.withdraw(stepKey)) {
			this.jdbc.sql("delete from ticket where trip = :trip").param("trip", trip.id()).update();
		}
	}

}
