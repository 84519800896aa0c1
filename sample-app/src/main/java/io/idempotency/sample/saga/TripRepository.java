package io.idempotency.sample.saga;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** What a crash must not forget of a saga: what is wanted, and which way it goes. */
@Repository
class TripRepository {

	private final JdbcClient jdbc;

	TripRepository(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/** Writes down what is wanted. Safe to repeat. */
	void add(Trip trip) {
		this.jdbc
			.sql("insert into trip (id, account, flight, price, status, attempts, started_at)"
					+ " select :id, :account, :flight, :price, 'BOOKING', 0, :now"
					+ " where not exists (select 1 from trip where id = :id)")
			.param("id", trip.id())
			.param("account", trip.account())
			.param("flight", trip.flight())
			.param("price", trip.price())
			.param("now", Instant.now().atOffset(ZoneOffset.UTC))
			.update();
	}

	Trip trip(String id) {
		return this.jdbc.sql("select id, account, flight, price from trip where id = :id")
			.param("id", id)
			.query(Trip.class)
			.single();
	}

	Optional<TripOutcome> outcome(String id) {
		return this.jdbc.sql("select id as trip, status, confirmation from trip where id = :id")
			.param("id", id)
			.query(TripOutcome.class)
			.optional();
	}

	/** Counts how often it was tried to book a trip. */
	int countAttempt(String id) {
		this.jdbc.sql("update trip set attempts = attempts + 1 where id = :id").param("id", id).update();
		return this.jdbc.sql("select attempts from trip where id = :id").param("id", id).query(Integer.class).single();
	}

	/**
	 * Moves a trip on, if it still stands where it was seen. Nobody who comes later goes
	 * another way.
	 */
	boolean move(String id, TripStatus from, TripStatus to) {
		return this.jdbc.sql("update trip set status = :to where id = :id and status = :from")
			.param("to", to.name())
			.param("id", id)
			.param("from", from.name())
			.update() == 1;
	}

	/** Moves a trip to {@code BOOKED}, in the same way. */
	boolean book(String id, String confirmation) {
		return this.jdbc
			.sql("update trip set status = 'BOOKED', confirmation = :confirmation"
					+ " where id = :id and status = 'BOOKING'")
			.param("confirmation", confirmation)
			.param("id", id)
			.update() == 1;
	}

	/** Trips that have not ended and were begun longer ago than this. */
	List<String> unfinished(Duration age) {
		return this.jdbc
			.sql("select id from trip where status in ('BOOKING', 'CANCELLING') and started_at <= :then order by id")
			.param("then", Instant.now().minus(age).atOffset(ZoneOffset.UTC))
			.query(String.class)
			.list();
	}

}
