package io.idempotency.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.idempotency.Fingerprint;
import io.idempotency.IdempotentOperation;
import io.idempotency.InProgress;
import io.idempotency.OnStoreFailure;
import io.idempotency.OperationInProgressException;
import io.idempotency.Recovery;
import io.idempotency.StoreUnavailableException;
import io.idempotency.StoredResult;
import io.idempotency.observation.IdempotencyMetrics;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.OwnerToken;
import io.idempotency.store.RecordKey;
import io.idempotency.store.RecordWatcher;
import io.idempotency.testsupport.FlakyStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Many callers that wait for one, of whom one at a time asks the store. */
class WaitingTests {

	private static final StoredResult RESULT = StoredResult.of(new byte[] { 1, 2, 3 });

	private static final Fingerprint ASKED = new Fingerprint(1, 2);

	private static final int MANY = 100;

	private final FlakyStore store = new FlakyStore();

	private final LeaseKeeper keeper = new LeaseKeeper();

	private final Watcher watcher = new Watcher();

	private final IdempotencyEngine engine = engine(Map.of());

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final String key = UUID.randomUUID().toString();

	@AfterEach
	void close() {
		this.threads.shutdownNow();
		this.keeper.close();
	}

	@Test
	void allWaitersGetTheResultAndOneAsks() {
		Execution first = first();
		List<CompletableFuture<Attempt>> waiters = waiters(MANY, Duration.ofSeconds(20));
		await().until(() -> this.store.claims.get() > MANY + 5);
		int before = this.store.claims.get();
		long startedAt = System.nanoTime();
		await().pollDelay(Duration.ofMillis(500)).until(() -> true);
		// however many wait, one looks: every 200 ms, or sooner in the beginning
		assertThat(this.store.claims.get() - before)
			.isLessThanOrEqualTo((int) ((System.nanoTime() - startedAt) / 5_000_000) + 2);
		first.complete(RESULT);
		int afterwards = this.store.claims.get();
		assertThat(waiters).allSatisfy(
				(waiter) -> assertThat(waiter).succeedsWithin(Duration.ofSeconds(5)).isInstanceOf(Replay.class));
		assertThat(this.store.claims.get() - afterwards).isLessThanOrEqualTo(2);
	}

	@Test
	void completionInTheSameProcessWakesAtOnce() throws Exception {
		Execution first = first();
		CompletableFuture<Attempt> waiter = waiters(1, Duration.ofSeconds(20)).get(0);
		// by then it looks five times a second
		await().until(() -> this.store.claims.get() > 12);
		int before = this.store.claims.get();
		await().until(() -> this.store.claims.get() > before);
		first.complete(RESULT);
		long startedAt = System.nanoTime();
		assertThat(waiter.get(5, TimeUnit.SECONDS)).isInstanceOf(Replay.class);
		assertThat(Duration.ofNanos(System.nanoTime() - startedAt)).isLessThan(Duration.ofMillis(100));
	}

	@Test
	void whereTheFirstCallFailsOneOfThemRunsAndTheOthersWaitForThat() {
		Execution first = first();
		List<CompletableFuture<Attempt>> waiters = waiters(MANY, Duration.ofSeconds(20));
		await().until(() -> this.store.claims.get() > MANY);
		first.release();
		Execution second = (Execution) await()
			.until(() -> waiters.stream().filter(CompletableFuture::isDone).map(CompletableFuture::join).findAny(),
					(found) -> found.isPresent())
			.orElseThrow();
		assertThat(waiters.stream().filter(CompletableFuture::isDone)).hasSize(1);
		second.complete(RESULT);
		assertThat(waiters).allSatisfy((waiter) -> assertThat(waiter).succeedsWithin(Duration.ofSeconds(5)));
		assertThat(waiters.stream().map(CompletableFuture::join).filter(Replay.class::isInstance)).hasSize(MANY - 1);
	}

	@Test
	void whoAsksAndGivesUpHandsOver() {
		Execution first = first();
		List<CompletableFuture<Attempt>> hasty = waiters(MANY, Duration.ofMillis(50));
		await().until(() -> this.store.claims.get() > 3);
		List<CompletableFuture<Attempt>> patient = waiters(MANY, Duration.ofSeconds(20));
		assertThat(hasty).allSatisfy((waiter) -> assertThat(waiter).failsWithin(Duration.ofSeconds(5))
			.withThrowableThat()
			.withCauseInstanceOf(OperationInProgressException.class));
		first.complete(RESULT);
		assertThat(patient).allSatisfy(
				(waiter) -> assertThat(waiter).succeedsWithin(Duration.ofSeconds(5)).isInstanceOf(Replay.class));
	}

	@Test
	void waiterThatIsInterruptedLeavesTheOthersAlone() throws Exception {
		Execution first = first();
		AtomicReference<Throwable> failure = new AtomicReference<>();
		Thread interrupted = new Thread(() -> {
			try {
				this.engine.begin(call(Duration.ofSeconds(20)));
			}
			catch (OperationInProgressException ex) {
				failure.set(ex);
			}
		});
		interrupted.start();
		await().until(() -> this.store.claims.get() > 2);
		List<CompletableFuture<Attempt>> waiters = waiters(3, Duration.ofSeconds(20));
		interrupted.interrupt();
		interrupted.join(5000);
		assertThat(failure.get()).isNotNull();
		first.complete(RESULT);
		assertThat(waiters).allSatisfy((waiter) -> assertThat(waiter).succeedsWithin(Duration.ofSeconds(5)));
	}

	@Test
	void waiterLearnsThatItsKeyBelongsToAnotherPayloadByNow() {
		IdempotentCall call = call(Duration.ofSeconds(20));
		Claim claim = new Claim(call.recordKey(), OwnerToken.next(), ASKED, Duration.ofSeconds(30), Duration.ZERO);
		ClaimOutcome other = new ClaimOutcome.Pending(new Fingerprint(7, 7));
		assertThat(new WaitingRoom(null).await(claim, () -> other, System.nanoTime() + 5_000_000_000L)).isSameAs(other);
	}

	@Test
	void storeThatFailsIsToldToAllWaiters() {
		first();
		List<CompletableFuture<Attempt>> waiters = waiters(MANY, Duration.ofSeconds(20));
		await().until(() -> this.store.claims.get() > MANY + 2);
		this.store.claimFails = true;
		assertThat(waiters).allSatisfy((waiter) -> assertThat(waiter).failsWithin(Duration.ofSeconds(5))
			.withThrowableThat()
			.withCauseInstanceOf(StoreUnavailableException.class));
	}

	@Test
	void storeThatTellsOfChangesIsSeldomAsked() throws Exception {
		IdempotencyEngine watching = engine(Map.of("flaky", this.watcher));
		Execution first = (Execution) watching.begin(call(Duration.ofSeconds(20)));
		// another process: it completes without this one's knowledge
		IdempotencyEngine other = engine(Map.of("flaky", this.watcher));
		CompletableFuture<Attempt> waiter = CompletableFuture
			.supplyAsync(() -> other.begin(call(Duration.ofSeconds(20))), this.threads);
		await().until(() -> this.store.claims.get() > 10);
		int before = this.store.claims.get();
		await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
		assertThat(this.store.claims.get() - before).isLessThan(6);
		first.complete(RESULT);
		this.watcher.change.get().complete(null);
		long startedAt = System.nanoTime();
		assertThat(waiter.get(5, TimeUnit.SECONDS)).isInstanceOf(Replay.class);
		assertThat(Duration.ofNanos(System.nanoTime() - startedAt)).isLessThan(Duration.ofMillis(200));
	}

	@Test
	void lostWordCostsASecond() {
		IdempotencyEngine other = engine(Map.of("flaky", this.watcher));
		Execution first = first();
		CompletableFuture<Attempt> waiter = CompletableFuture
			.supplyAsync(() -> other.begin(call(Duration.ofSeconds(20))), this.threads);
		await().until(() -> this.store.claims.get() > 10);
		first.complete(RESULT);
		assertThat(waiter).succeedsWithin(Duration.ofSeconds(3)).isInstanceOf(Replay.class);
	}

	@Test
	void watcherThatCannotTellIsNoFailure() {
		RecordWatcher silent = (unused) -> CompletableFuture.failedFuture(new IllegalStateException("cannot"));
		IdempotencyEngine other = engine(Map.of("flaky", silent));
		Execution first = first();
		CompletableFuture<Attempt> waiter = CompletableFuture
			.supplyAsync(() -> other.begin(call(Duration.ofSeconds(20))), this.threads);
		await().until(() -> this.store.claims.get() > 10);
		first.complete(RESULT);
		assertThat(waiter).succeedsWithin(Duration.ofSeconds(1)).isInstanceOf(Replay.class);
	}

	@Test
	void watcherThatTellsOfChangesThatAreNoneIsNotBelievedForever() {
		RecordWatcher restless = (unused) -> CompletableFuture.completedFuture(null);
		IdempotencyEngine other = engine(Map.of("flaky", restless));
		Execution first = first();
		CompletableFuture<Attempt> waiter = CompletableFuture
			.supplyAsync(() -> other.begin(call(Duration.ofSeconds(20))), this.threads);
		await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
		assertThat(this.store.claims.get()).isLessThan(60);
		first.complete(RESULT);
		assertThat(waiter).succeedsWithin(Duration.ofSeconds(1)).isInstanceOf(Replay.class);
	}

	@Test
	void callersThatComeAndGoLeaveNobodyBehind() throws Exception {
		AtomicInteger executions = new AtomicInteger();
		CountDownLatch done = new CountDownLatch(20);
		for (int i = 0; i < 20; i++) {
			this.threads.execute(() -> {
				for (int round = 0; round < 50; round++) {
					IdempotentCall call = new IdempotentCall(operation(Duration.ofSeconds(20)), "scope",
							"round-" + round, ASKED);
					if (this.engine.begin(call) instanceof Execution execution) {
						executions.incrementAndGet();
						execution.complete(RESULT);
					}
				}
				done.countDown();
			});
		}
		assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
		assertThat(executions).hasValue(50);
	}

	private Execution first() {
		return (Execution) this.engine.begin(call(Duration.ofSeconds(20)));
	}

	private List<CompletableFuture<Attempt>> waiters(int count, Duration timeout) {
		List<CompletableFuture<Attempt>> waiters = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			waiters.add(CompletableFuture.supplyAsync(() -> this.engine.begin(call(timeout)), this.threads));
		}
		return waiters;
	}

	private IdempotentCall call(Duration timeout) {
		return new IdempotentCall(operation(timeout), "scope", this.key, ASKED);
	}

	private static IdempotentOperation operation(Duration timeout) {
		return new IdempotentOperation("POST /payments", Duration.ofHours(1), Duration.ofSeconds(30), InProgress.WAIT,
				timeout, Recovery.RERUN, OnStoreFailure.REJECT, true, "flaky");
	}

	private IdempotencyEngine engine(Map<String, RecordWatcher> watchers) {
		return new IdempotencyEngine(new Stores(Map.of("flaky", this.store), watchers, Map.of(), Map.of()), 1000,
				this.keeper, new IdempotencyMetrics(new SimpleMeterRegistry()), null);
	}

	/** Tells when the test says so. */
	private static final class Watcher implements RecordWatcher {

		final AtomicReference<CompletableFuture<Void>> change = new AtomicReference<>();

		@Override
		public CompletableFuture<Void> watch(RecordKey key) {
			CompletableFuture<Void> fresh = new CompletableFuture<>();
			this.change.set(fresh);
			return fresh;
		}

	}

}
