package io.idempotency.sample.saga;

import java.util.Optional;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Which steps are done and which are withdrawn: what no record of a call can say, as it
 * knows one key and not the other. Used within the transaction of the effect.
 */
@Repository
class StepLog {

	private final JdbcClient jdbc;

	StepLog(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/**
	 * Writes down that a step is done, before its effect. If its compensation does so at
	 * the same time, one of them waits for the other and fails, to be called again.
	 * @throws StepWithdrawnException if its compensation came before
	 */
	void begin(String step) {
		Optional<String> known = status(step);
		if (known.isPresent()) {
			// its record is older than its ttl: nobody knows any more what it answered
			throw known.get().equals("DONE") ? new IllegalStateException("Step " + step + " was done long ago")
					: new StepWithdrawnException("Step " + step + " was taken back before it came");
		}
		insert(step, "DONE");
	}

	/**
	 * Takes a step back.
	 * @return whether it was done; if not, it will not be done any more
	 */
	boolean withdraw(String step) {
		boolean wasDone = this.jdbc
			.sql("update trip_step set status = 'WITHDRAWN' where step_key = :step and status = 'DONE'")
			.param("step", step)
			.update() == 1;
		if (!wasDone && status(step).isEmpty()) {
			insert(step, "WITHDRAWN");
		}
		return wasDone;
	}

	private void insert(String step, String status) {
		this.jdbc.sql("insert into trip_step (step_key, status) values (:step, :status)")
			.param("step", step)
			.param("status", status)
			.update();
	}

	private Optional<String> status(String step) {
		return this.jdbc.sql("select status from trip_step where step_key = :step")
			.param("step", step)
			.query(String.class)
			.optional();
	}

}
