package io.idempotency.store.redis;

import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.RecordKey;

/**
 * Records as the Redis store writes them, for a Redis that is to be full of them. Stands
 * in this package because nobody else knows what they look like.
 */
public final class GenuineRecords {

	private final RedisKeys keys;

	/**
	 * @param prefix what the store's keys start with
	 */
	public GenuineRecords(String prefix) {
		this.keys = new RedisKeys(prefix);
	}

	/** The Redis key of a record. */
	public byte[] key(RecordKey key) {
		return this.keys.of(key);
	}

	/** The value of a completed record. */
	public byte[] completed(Claim claim, StoredResult result) {
		return RedisEnvelope.completed(claim, result);
	}

}
