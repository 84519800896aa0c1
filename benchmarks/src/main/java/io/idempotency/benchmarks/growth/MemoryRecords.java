package io.idempotency.benchmarks.growth;

import java.util.SplittableRandom;

import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.memory.InMemoryIdempotencyStore;

/**
 * An in-memory store that always has the same number of live records: its clock goes on
 * with each new one by so much that one of a day ago expires. So each call pays for its
 * own expiry as well.
 */
final class MemoryRecords {

	/** What the store counts for a record beside its result. */
	private static final int OVERHEAD = 512;

	/** So many expired ones may be there: the store removes them now and then. */
	private static final int UNTIDIED = 400;

	private final int live;

	private final long step;

	private final InMemoryIdempotencyStore store;

	private final SplittableRandom random = new SplittableRandom(1);

	private final long heap;

	private final Samples firsts = new Samples();

	private final Samples replays = new Samples();

	private long now;

	private long next;

	MemoryRecords(int live) {
		this.live = live;
		this.step = Calls.TTL.toNanos() / live;
		this.store = new InMemoryIdempotencyStore(Long.MAX_VALUE, () -> this.now);
		long before = usedHeap();
		for (int i = 0; i < live; i++) {
			first(Calls.claim(this.next++), Calls.result());
		}
		this.heap = usedHeap() - before;
	}

	@SuppressWarnings("SystemGc") // what is left then is what the records take
	private static long usedHeap() {
		Runtime runtime = Runtime.getRuntime();
		System.gc();
		System.gc();
		return runtime.totalMemory() - runtime.freeMemory();
	}

	int live() {
		return this.live;
	}

	/** Bytes of the heap that one record takes, its result included. */
	double heapPerRecord() {
		return (double) this.heap / this.live;
	}

	Samples firsts() {
		return this.firsts;
	}

	Samples replays() {
		return this.replays;
	}

	private void first(Claim claim, StoredResult result) {
		this.now += this.step;
		if (!(this.store.claim(claim) instanceof ClaimOutcome.Acquired)
				|| !this.store.complete(claim, result, Calls.TTL)) {
			throw new IllegalStateException("A key that nobody has used is free");
		}
	}

	/** Measures one block of new calls and one of duplicates. */
	void measure(int calls) {
		Claim[] claims = new Claim[calls];
		StoredResult[] results = new StoredResult[calls];
		for (int i = 0; i < calls; i++) {
			claims[i] = Calls.claim(this.next++);
			results[i] = Calls.result();
		}
		long startedAt = System.nanoTime();
		for (int i = 0; i < calls; i++) {
			first(claims[i], results[i]);
		}
		this.firsts.add(startedAt, calls);

		// the oldest may have expired
		int young = this.live - this.live / 10;
		for (int i = 0; i < calls; i++) {
			claims[i] = Calls.claim(this.next - 1 - this.random.nextInt(young));
		}
		startedAt = System.nanoTime();
		for (int i = 0; i < calls; i++) {
			if (!(this.store.claim(claims[i]) instanceof ClaimOutcome.Completed)) {
				throw new IllegalStateException("A live record is replayed");
			}
		}
		this.replays.add(startedAt, calls);
		requireSteady();
	}

	private void requireSteady() {
		long counted = this.store.sizeInBytes() / (OVERHEAD + Calls.resultSize());
		int tolerated = 2 + this.live / 20;
		if (counted < this.live - tolerated || counted > (long) this.live + tolerated + UNTIDIED) {
			throw new IllegalStateException("There are " + counted + " records and not " + this.live);
		}
	}

}
