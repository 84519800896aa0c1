package io.idempotency.store.jdbc;

import java.time.Duration;

import org.springframework.util.Assert;

/**
 * How records are kept in a database.
 *
 * @param timeout the time budget of one call, waiting for a connection included
 * @param purgeInterval how often expired records are removed, zero for never
 * @param purgeBatchSize how many are removed at a time
 * @param inUse whether the store is known to be used: then its database is looked at when
 * it starts, and is purged from then on; otherwise both begin with the first call
 */
public record JdbcSettings(Duration timeout, Duration purgeInterval, int purgeBatchSize, boolean inUse) {

	public JdbcSettings {
		Assert.isTrue(timeout.toMillis() > 0, "A call needs at least a millisecond");
		Assert.isTrue(!purgeInterval.isNegative(), "An interval is not negative");
		Assert.isTrue(purgeBatchSize > 0, "A batch has at least one record");
	}

	/** What the properties say by default, for a store that is used. */
	public JdbcSettings(Duration timeout) {
		this(timeout, Duration.ofMinutes(1), 500, true);
	}

}
