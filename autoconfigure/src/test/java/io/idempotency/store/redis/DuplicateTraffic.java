package io.idempotency.store.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStoreException;
import io.lettuce.core.cluster.SlotHash;

/**
 * Callers on several nodes of an application that all bring the same keys, at about the
 * same time and again later. Who acquires a key executes and completes; who meets a
 * failure of the store asks again. Everything is written down.
 */
final class DuplicateTraffic implements AutoCloseable {

	private static final int THREADS_PER_NODE = 4;

	/** Longer than any test, so that nothing is taken over rightly. */
	private static final Duration LEASE = Duration.ofMinutes(10);

	private static final long PATIENCE = Duration.ofMinutes(2).toNanos();

	private static final long PAUSE_AFTER_FAILURE = Duration.ofMillis(5).toNanos();

	private final List<String> keys;

	private final AtomicIntegerArray executions;

	/** When it was first answered that a key is claimed, and completed; else 0. */
	private final AtomicLongArray claimed;

	private final AtomicLongArray completed;

	/** How many keys may be used by now. */
	private final AtomicInteger open = new AtomicInteger();

	private final List<AtomicInteger> positions = new ArrayList<>();

	private final List<Thread> threads = new ArrayList<>();

	private final Map<String, LongAdder> counts = new ConcurrentSkipListMap<>();

	private final Map<Integer, String> suspects = new ConcurrentHashMap<>();

	private final Queue<Throwable> unexpected = new ConcurrentLinkedQueue<>();

	private final long start = System.nanoTime();

	private volatile boolean stopped;

	DuplicateTraffic(List<String> keys, RedisIdempotencyStore... nodes) {
		this.keys = keys;
		this.executions = new AtomicIntegerArray(keys.size());
		this.claimed = new AtomicLongArray(keys.size());
		this.completed = new AtomicLongArray(keys.size());
		for (RedisIdempotencyStore node : nodes) {
			AtomicInteger position = new AtomicInteger();
			this.positions.add(position);
			for (int i = 0; i < THREADS_PER_NODE; i++) {
				Thread thread = new Thread(() -> run(node, position), "duplicate-traffic");
				thread.start();
				this.threads.add(thread);
			}
		}
	}

	/** Keys that all hash to slots of their own. */
	static List<String> keysInDistinctSlots(int count) {
		BitSet taken = new BitSet();
		return IntStream.iterate(0, (i) -> i + 1).mapToObj(Integer::toString).filter((key) -> {
			int slot = slot(key);
			boolean first = !taken.get(slot);
			taken.set(slot);
			return first;
		}).limit(count).toList();
	}

	/** The slot of the record of a key. */
	static int slot(String key) {
		return SlotHash.getSlot(new RedisKeys("idempotency").of(RecordLife.claim(key).key()));
	}

	/** Lets the callers use more keys. */
	void open(int more) {
		this.open.accumulateAndGet(more, (before, add) -> Math.min(before + add, this.keys.size()));
	}

	/** Whether each node has used all keys that are open. */
	boolean isIdle() {
		return this.positions.stream().allMatch((position) -> position.get() >= this.open.get());
	}

	/** A moment of this traffic. */
	long now() {
		return System.nanoTime() - this.start + 1;
	}

	private void run(RedisIdempotencyStore node, AtomicInteger position) {
		try {
			while (!this.stopped) {
				int next = position.get();
				if (next < this.open.get()) {
					if (position.compareAndSet(next, next + 1)) {
						call(node, next);
					}
				}
				else if (next > 0) {
					call(node, ThreadLocalRandom.current().nextInt(next));
				}
			}
		}
		catch (RuntimeException | Error ex) {
			this.unexpected.add(ex);
		}
	}

	/** One call of one key. */
	void call(RedisIdempotencyStore node, int index) {
		Claim claim = RecordLife.claim(this.keys.get(index));
		Claim patient = new Claim(claim.key(), claim.owner(), claim.fingerprint(), LEASE);
		boolean completedBefore = this.completed.get(index) != 0;
		ClaimOutcome outcome = insist(() -> node.claim(patient));
		count(outcome.getClass().getSimpleName());
		if (outcome instanceof ClaimOutcome.Acquired) {
			this.claimed.compareAndSet(index, 0, now());
			if (completedBefore) {
				suspect(index, "acquired after it was completed");
			}
			if (this.executions.incrementAndGet(index) > 1) {
				suspect(index, "executed again");
			}
			if (!insist(() -> node.complete(patient, result(index), LEASE))) {
				suspect(index, "lost by its owner");
			}
			this.completed.compareAndSet(index, 0, now());
		}
		else if (outcome instanceof ClaimOutcome.Completed done) {
			if (!done.result().equals(result(index))) {
				suspect(index, "answered with the result of another");
			}
		}
		else if (!(outcome instanceof ClaimOutcome.Pending) || completedBefore) {
			suspect(index, "not completed any more but " + outcome);
		}
	}

	private StoredResult result(int index) {
		return StoredResult.of(new byte[] { (byte) index, (byte) (index >> 8) });
	}

	private void suspect(int index, String what) {
		this.suspects.merge(index, what, (first, second) -> first + ", " + second);
	}

	/** Asks until there is an answer, as a caller does that is told to try again. */
	private <T> T insist(Supplier<T> question) {
		while (true) {
			try {
				return question.get();
			}
			catch (IdempotencyStoreException ex) {
				count(ex.getMessage().replaceAll("127.0.0.1[:/]\\d+|[0-9a-f]{40}", "*"));
				if (now() > PATIENCE) {
					throw ex;
				}
				LockSupport.parkNanos(PAUSE_AFTER_FAILURE);
			}
		}
	}

	private void count(String what) {
		this.counts.computeIfAbsent(what, (name) -> new LongAdder()).increment();
	}

	/** Lets no more calls begin, and waits for those that run. */
	void stop() {
		this.stopped = true;
		try {
			for (Thread thread : this.threads) {
				thread.join();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** Keys of these slots that were answered for between the two moments. */
	BitSet answeredBetween(long from, long until, BitSet slots) {
		BitSet found = new BitSet();
		for (int i = 0; i < this.keys.size(); i++) {
			if (slots.get(slot(this.keys.get(i)))
					&& (isBetween(this.claimed.get(i), from, until) || isBetween(this.completed.get(i), from, until))) {
				found.set(i);
			}
		}
		return found;
	}

	private static boolean isBetween(long moment, long from, long until) {
		return moment >= from && moment <= until;
	}

	int executions(int index) {
		return this.executions.get(index);
	}

	/** What should not have happened, by the key to which it did. */
	Map<Integer, String> suspects() {
		return this.suspects;
	}

	/** What callers met that is no failure of a store. */
	Queue<Throwable> unexpected() {
		return this.unexpected;
	}

	/** How often each outcome and each message of a failure was met. */
	Map<String, LongAdder> counts() {
		return this.counts;
	}

	@Override
	public void close() {
		stop();
	}

}
