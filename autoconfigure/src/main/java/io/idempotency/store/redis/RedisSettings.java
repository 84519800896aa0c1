package io.idempotency.store.redis;

import java.time.Duration;

/**
 * How records are kept in Redis.
 *
 * @param keyPrefix what every key starts with, without the colon
 * @param timeout the time budget of one call, connecting included
 * @param minReplicas how many replicas have to know of a claim or a completion before it
 * counts; 0 for none
 * @param replicaTimeout how long they are waited for
 * @param check what becomes of what is found out about a server that may lose records
 */
public record RedisSettings(String keyPrefix, Duration timeout, int minReplicas, Duration replicaTimeout,
		ServerCheck check) {

	/** Settings without replicas, for a server that is not asked about itself. */
	public RedisSettings(String keyPrefix, Duration timeout) {
		this(keyPrefix, timeout, 0, Duration.ZERO, ServerCheck.OFF);
	}

}
