package io.idempotency.benchmarks.growth;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.redis.GenuineRecords;
import io.idempotency.store.redis.RedisIdempotencyStore;
import io.lettuce.core.LettuceFutures;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;

/**
 * A Redis of its own with a number of completed records, and the store over it. The
 * records that a measured block adds are taken away after it.
 */
final class RedisRecords implements AutoCloseable {

	private static final int BATCH = 10_000;

	private final int live;

	private final LiveRedis redis = new LiveRedis();

	private final StatefulRedisConnection<byte[], byte[]> connection = this.redis.connection();

	private final RedisIdempotencyStore store = this.redis.store();

	private final GenuineRecords records = new GenuineRecords(LiveRedis.PREFIX);

	private final SplittableRandom random = new SplittableRandom(1);

	private final Samples firsts = new Samples();

	private final Samples replays = new Samples();

	private final long memory;

	private long next;

	RedisRecords(int live) throws IOException {
		this.live = live;
		// what a connection and the scripts take is no record's
		measure(100);
		long before = usedMemory();
		fill();
		this.memory = usedMemory() - before;
	}

	private void fill() {
		this.connection.setAutoFlushCommands(false);
		while (this.next < this.live) {
			List<RedisFuture<?>> replies = new ArrayList<>();
			for (int i = 0; i < BATCH && this.next < this.live; i++) {
				Claim claim = Calls.claim(this.next++);
				replies.add(this.connection.async()
					.psetex(this.records.key(claim.key()), Calls.TTL.toMillis(),
							this.records.completed(claim, Calls.result())));
			}
			flush(replies);
		}
		this.connection.setAutoFlushCommands(true);
	}

	private void flush(List<RedisFuture<?>> replies) {
		this.connection.flushCommands();
		if (!LettuceFutures.awaitAll(1, TimeUnit.MINUTES, replies.toArray(RedisFuture[]::new))) {
			throw new IllegalStateException("Redis is too slow");
		}
	}

	private long usedMemory() {
		return this.redis.info("memory", "used_memory");
	}

	int live() {
		return this.live;
	}

	/** Bytes of Redis memory that one record takes. */
	double memoryPerRecord() {
		return (double) this.memory / this.live;
	}

	Samples firsts() {
		return this.firsts;
	}

	Samples replays() {
		return this.replays;
	}

	/**
	 * Measures one block of new calls and, where there are records, one of duplicates.
	 */
	void measure(int calls) {
		Claim[] claims = new Claim[calls];
		for (int i = 0; i < calls; i++) {
			claims[i] = Calls.claim(-1 - this.random.nextLong(Long.MAX_VALUE));
		}
		StoredResult result = Calls.result();
		long startedAt = System.nanoTime();
		for (Claim claim : claims) {
			if (!(this.store.claim(claim) instanceof ClaimOutcome.Acquired)
					|| !this.store.complete(claim, result, Calls.TTL)) {
				throw new IllegalStateException("A key that nobody has used is free");
			}
		}
		this.firsts.add(startedAt, calls);
		for (Claim claim : claims) {
			this.connection.sync().del(this.records.key(claim.key()));
		}
		if (this.next > 0) {
			replay(claims);
		}
	}

	private void replay(Claim[] claims) {
		for (int i = 0; i < claims.length; i++) {
			claims[i] = Calls.claim(this.random.nextLong(this.live));
		}
		long startedAt = System.nanoTime();
		for (Claim claim : claims) {
			if (!(this.store.claim(claim) instanceof ClaimOutcome.Completed)) {
				throw new IllegalStateException("A live record is replayed");
			}
		}
		this.replays.add(startedAt, claims.length);
	}

	@Override
	public void close() {
		this.redis.close();
	}

}
