package io.idempotency.torture;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;

import io.idempotency.Fingerprint;
import io.idempotency.IdempotencyException;
import io.idempotency.IdempotentOperation;
import io.idempotency.InProgress;
import io.idempotency.OnStoreFailure;
import io.idempotency.OperationInProgressException;
import io.idempotency.Recovery;
import io.idempotency.StoredResult;
import io.idempotency.engine.Attempt;
import io.idempotency.engine.Execution;
import io.idempotency.engine.IdempotencyEngine;
import io.idempotency.engine.IdempotentCall;
import io.idempotency.engine.LeaseKeeper;
import io.idempotency.engine.Stores;
import io.idempotency.engine.Replay;
import io.idempotency.observation.IdempotencyMetrics;
import io.idempotency.store.IdempotencyStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

/**
 * The harness in one JVM: callers, a ledger and an engine on a store that may be broken.
 * Several callers bring each key at once and do not give up.
 */
final class SmallWorld implements AutoCloseable {

	private static final Duration LEASE = Duration.ofMillis(60);

	private static final Fingerprint ASKED = new Fingerprint(1, 2);

	private static final int CALLERS = 4;

	private final Ledger ledger = new Ledger();

	private final LeaseKeeper keeper = new LeaseKeeper();

	private final IdempotencyEngine engine;

	private final IdempotentOperation operation = new IdempotentOperation("POST /payments", Duration.ofHours(1), LEASE,
			InProgress.REJECT, Duration.ZERO, Recovery.RERUN, OnStoreFailure.REJECT, true, "small");

	SmallWorld(IdempotencyStore store) {
		this.engine = new IdempotencyEngine(Stores.of(Map.of("small", new LossyStore(store))), 1_000_000, this.keeper,
				new IdempotencyMetrics(new SimpleMeterRegistry()), null);
	}

	/** Makes operations and has their history checked. */
	Verdict torture(int operations) {
		List<Operation> all = IntStream.range(0, operations).parallel().mapToObj(this::operate).toList();
		return new HistoryChecker(this.ledger::runs, Terms.of(Claims.KEPT, LEASE, Duration.ZERO, List.of())).check(all);
	}

	private Operation operate(int number) {
		int millis = (number % 3 == 0) ? 25 : 1;
		Operation asked = new Operation("key-" + number, false, millis, false, System.nanoTime());
		List<Thread> callers = IntStream.range(0, CALLERS)
			.mapToObj((i) -> Threads.start("caller", () -> insist(asked, millis)))
			.toList();
		callers.forEach(SmallWorld::join);
		return asked;
	}

	private static void join(Thread caller) {
		try {
			caller.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void insist(Operation asked, int millis) {
		for (int tries = 0; tries < 1000; tries++) {
			Exchange exchange = call(asked, millis);
			asked.add(exchange);
			if (exchange.isSuccess()) {
				return;
			}
			Threads.pause(1);
		}
		asked.giveUp();
	}

	private Exchange call(Operation asked, int millis) {
		long sentAt = System.nanoTime();
		try {
			Attempt attempt = this.engine.begin(new IdempotentCall(this.operation, "", asked.key(), ASKED));
			String body = (attempt instanceof Replay replay)
					? replay.read((result) -> new String(result.payload(), StandardCharsets.UTF_8))
					: run((Execution) attempt, asked.key(), millis);
			return new Exchange("small", sentAt, System.nanoTime(), 200, attempt instanceof Replay, body);
		}
		catch (OperationInProgressException ex) {
			return new Exchange("small", sentAt, System.nanoTime(), 409, false, "urn:idempotency:problem:in-progress");
		}
		catch (IdempotencyException ex) {
			return new Exchange("small", sentAt, System.nanoTime(), 503, false, ex.toString());
		}
	}

	private String run(Execution execution, String key, int millis) {
		String id = UUID.randomUUID().toString();
		this.ledger.begin(key, id, "small");
		Threads.pause(millis);
		this.ledger.effect(key, id);
		String answer = Run.answer(key, id, "small");
		execution.complete(StoredResult.of(answer.getBytes(StandardCharsets.UTF_8)));
		return answer;
	}

	@Override
	public void close() {
		this.keeper.close();
	}

}
