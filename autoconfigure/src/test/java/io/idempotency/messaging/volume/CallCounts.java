package io.idempotency.messaging.volume;

import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Leaves behind how the calls of a process ended, if it is not killed. */
class CallCounts implements DisposableBean {

	private final MeterRegistry meters;

	private final JdbcClient database;

	private final String node;

	CallCounts(MeterRegistry meters, JdbcClient database, @Value("${volume.node}") String node) {
		this.meters = meters;
		this.database = database;
		this.node = node;
	}

	@Override
	public void destroy() {
		this.meters.find("idempotency.operations")
			.timers()
			.forEach((timer) -> this.database.sql("insert into calls (node, outcome, number) values (?, ?, ?)")
				.params(this.node, timer.getId().getTag("outcome"), timer.count())
				.update());
	}

}
