package io.idempotency.engine;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.idempotency.Fingerprint;
import io.idempotency.IdempotentOperation;
import io.idempotency.InProgress;
import io.idempotency.OnStoreFailure;
import io.idempotency.OperationInProgressException;
import io.idempotency.OutcomeUnknownException;
import io.idempotency.PayloadMismatchException;
import io.idempotency.Recovery;
import io.idempotency.ResponseNotKeptException;
import io.idempotency.StoreUnavailableException;
import io.idempotency.StoredResult;
import io.idempotency.TooManyKeysException;
import io.idempotency.observation.IdempotencyMetrics;
import io.idempotency.store.memory.InMemoryIdempotencyStore;
import io.idempotency.testsupport.FlakyStore;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** The state machine on a store that fails at will. */
class IdempotencyEngineTests {

	private static final Fingerprint ASKED = new Fingerprint(1, 2);

	private static final StoredResult RESULT = StoredResult.of("result".getBytes(StandardCharsets.UTF_8));

	private static final Duration LEASE = Duration.ofMillis(300);

	private final FlakyStore store = new FlakyStore();

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final LeaseKeeper keeper = new LeaseKeeper();

	private final String key = UUID.randomUUID().toString();

	private IdempotencyEngine engine = engine(1000);

	private OnStoreFailure onStoreFailure = OnStoreFailure.REJECT;

	@AfterEach
	void close() {
		this.keeper.close();
	}

	@Test
	void firstCallRunsAndTheSecondIsReplayed() {
		Execution execution = begin();
		assertThat(execution.isClaimed()).isTrue();
		execution.complete(RESULT);
		assertReplayed(this.engine.begin(call(ASKED)));
		assertThat(outcomes("executed")).isEqualTo(1);
		assertThat(outcomes("replayed")).isEqualTo(1);
		assertThat(this.registry.get("idempotency.duplicates").counter().count()).isEqualTo(1);
	}

	@Test
	void replayThatCannotBeReadIsCountedAsARefusal() {
		begin().complete(RESULT);
		Replay replay = (Replay) this.engine.begin(call(ASKED));
		assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> replay.read((result) -> {
			throw new StoreUnavailableException("POST /payments", new IllegalStateException("garbled"));
		}));
		assertThat(outcomes("store_unavailable")).isEqualTo(1);
		assertThat(outcomes("replayed")).isZero();
	}

	@Test
	void releaseOfAHeldKeyIsTriedUntilTheStoreTakesIt() {
		Execution execution = (Execution) this.engine.begin(held(ASKED));
		this.store.releaseFails = true;
		execution.release();
		int tries = this.store.releases.get();
		await().pollDelay(LEASE.multipliedBy(3)).until(() -> this.store.releases.get() > tries + 3);
		this.store.releaseFails = false;
		await().untilAsserted(() -> assertThat(this.engine.begin(held(ASKED))).isInstanceOf(Execution.class));
	}

	@Test
	void newKeysAreCountedWhenTheirRecordsStay() {
		this.engine = limited(1);
		begin().release();
		begin().fail();
		begin().complete(RESULT);
		IdempotentCall second = new IdempotentCall(operation(InProgress.REJECT, LEASE), "scope", "second", ASKED);
		assertThatExceptionOfType(TooManyKeysException.class).isThrownBy(() -> this.engine.begin(second));
		assertReplayed(this.engine.begin(call(ASKED)));
	}

	@Test
	void heldKeyThatIsOneTooManyIsGivenBackThoughTheStoreRefusedThatAtFirst() {
		this.engine = limited(1);
		begin().complete(RESULT);
		IdempotentCall second = new IdempotentCall(held(ASKED).operation(), "scope", "second", ASKED);
		this.store.releaseIsRefused = true;
		assertThatExceptionOfType(TooManyKeysException.class).isThrownBy(() -> this.engine.begin(second));
		this.store.releaseIsRefused = false;
		this.engine = engine(1000);
		await().untilAsserted(() -> assertThat(this.engine.begin(second)).isInstanceOf(Execution.class));
	}

	@Test
	void executionIsSettledOnce() {
		Execution execution = begin();
		execution.complete(RESULT);
		execution.release();
		execution.complete(StoredResult.notKept());
		assertReplayed(this.engine.begin(call(ASKED)));
		assertThat(outcomes("executed")).isEqualTo(1);
		assertThat(outcomes("failed")).isZero();
	}

	@Test
	void rule7MismatchIsToldInFlightAndAfterwards() {
		Execution execution = begin();
		Fingerprint other = new Fingerprint(1, 3);
		assertThatExceptionOfType(PayloadMismatchException.class).isThrownBy(() -> this.engine.begin(call(other)));
		execution.complete(RESULT);
		assertThatExceptionOfType(PayloadMismatchException.class).isThrownBy(() -> this.engine.begin(call(other)));
		assertThat(this.registry.get("idempotency.duplicates").counter().count()).isZero();
	}

	@Test
	void rule15ResultThatWasNotKeptIsNotRunAgain() {
		begin().complete(StoredResult.notKept());
		assertThatExceptionOfType(ResponseNotKeptException.class).isThrownBy(() -> this.engine.begin(call(ASKED)));
		assertThat(outcomes("response_not_kept")).isEqualTo(1);
	}

	@Test
	void waiterClaimsWhenTheRecordVanishes() throws Exception {
		Execution first = begin();
		CompletableFuture<Attempt> waiting = CompletableFuture
			.supplyAsync(() -> this.engine.begin(call(ASKED, InProgress.WAIT)));
		await().until(() -> this.store.claims.get() > 2);
		first.release();
		assertThat(waiting.get(5, TimeUnit.SECONDS)).isInstanceOf(Execution.class);
		assertThatExceptionOfType(OperationInProgressException.class).isThrownBy(() -> this.engine.begin(call(ASKED)));
	}

	@Test
	void interruptedWaiterIsRefusedAndStaysInterrupted() {
		begin();
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(OperationInProgressException.class)
			.isThrownBy(() -> this.engine.begin(call(ASKED, InProgress.WAIT)));
		assertThat(Thread.interrupted()).isTrue();
	}

	// --- recovery

	@Test
	void failureFreesTheKeyWhereTheOperationIsRerun() {
		begin().fail();
		assertThat(begin().isClaimed()).isTrue();
		assertThat(outcomes("failed")).isEqualTo(1);
	}

	@Test
	void failureHoldsTheKeyWhereThatIsSaid() {
		((Execution) this.engine.begin(held(ASKED))).fail();
		assertThatExceptionOfType(OutcomeUnknownException.class).isThrownBy(() -> this.engine.begin(held(ASKED)));
		assertThatExceptionOfType(OutcomeUnknownException.class)
			.isThrownBy(() -> this.engine.begin(call(ASKED, InProgress.WAIT)));
		assertThatExceptionOfType(PayloadMismatchException.class)
			.isThrownBy(() -> this.engine.begin(held(new Fingerprint(1, 3))));
		assertThat(outcomes("outcome_unknown")).isEqualTo(2);
		assertThat(this.registry.get("idempotency.duplicates").counter().count()).isEqualTo(2);
	}

	@Test
	void answerThatIsNotFinalFreesTheKeyOfAHeldOperationToo() {
		((Execution) this.engine.begin(held(ASKED))).release();
		assertThat(this.engine.begin(held(ASKED))).isInstanceOf(Execution.class);
	}

	@Test
	void ownerThatDiedLeavesAnUnknownOutcome() {
		this.engine.begin(held(ASKED));
		this.keeper.close();
		await().untilAsserted(() -> assertThatExceptionOfType(OutcomeUnknownException.class)
			.isThrownBy(() -> this.engine.begin(held(ASKED))));
	}

	@Test
	void heldLeaseIsRenewedToo() {
		Execution execution = (Execution) this.engine.begin(held(ASKED));
		await().until(() -> this.store.renewals.get() > 5);
		assertThatExceptionOfType(OperationInProgressException.class).isThrownBy(() -> this.engine.begin(held(ASKED)));
		execution.complete(RESULT);
		assertReplayed(this.engine.begin(held(ASKED)));
	}

	@Test
	void failureThatTheStoreDidNotTakeIsToldAgain() {
		this.store.abandonFails = true;
		((Execution) this.engine.begin(held(ASKED))).fail();
		assertThatExceptionOfType(OperationInProgressException.class).isThrownBy(() -> this.engine.begin(held(ASKED)));
		this.store.abandonFails = false;
		await().untilAsserted(() -> assertThatExceptionOfType(OutcomeUnknownException.class)
			.isThrownBy(() -> this.engine.begin(held(ASKED))));
	}

	// --- rule 23

	@Test
	void rule23StoreFailureRefusesTheCall() {
		this.store.claimFails = true;
		assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> this.engine.begin(call(ASKED)));
		assertThat(outcomes("store_unavailable")).isEqualTo(1);
	}

	@Test
	void rule23StoreFailureLetsTheCallRunUnprotectedWhereThatIsSaid() {
		this.onStoreFailure = OnStoreFailure.PROCEED;
		this.store.claimFails = true;
		Execution execution = begin();
		assertThat(execution.isClaimed()).isFalse();
		execution.complete(RESULT);
		assertThat(outcomes("unprotected")).isEqualTo(1);
		assertThat(outcomes("executed")).isZero();
	}

	@Test
	void interruptedCallerNeverRunsUnprotected() {
		this.onStoreFailure = OnStoreFailure.PROCEED;
		this.store.claimFails = true;
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> this.engine.begin(call(ASKED)));
		assertThat(Thread.interrupted()).isTrue();
	}

	@Test
	void storeThatHangsForSomeCallsDoesNotEndTheLeasesOfOthers() {
		FlakyStore hanging = new FlakyStore();
		hanging.renewFails = true;
		hanging.slow = Duration.ofMillis(100);
		IdempotencyEngine other = new IdempotencyEngine(Stores.of(Map.of("flaky", hanging)), 1000, this.keeper,
				new IdempotencyMetrics(this.registry), null);
		Duration lease = Duration.ofSeconds(2);
		for (int i = 0; i < 60; i++) {
			other.begin(new IdempotentCall(operation(InProgress.REJECT, lease), "", this.key + i, ASKED));
		}
		Execution healthy = (Execution) this.engine.begin(call(ASKED, InProgress.REJECT, lease));
		int renewals = this.store.renewals.get();
		await().atMost(20, TimeUnit.SECONDS).until(() -> this.store.renewals.get() >= renewals + 4);
		assertThatExceptionOfType(OperationInProgressException.class).isThrownBy(() -> this.engine.begin(call(ASKED)));
		healthy.complete(RESULT);
		assertThat(counter("idempotency.leases.lost")).isZero();
	}

	@Test
	void anErrorInAStoreDoesNotEndTheRenewalOfLeases() {
		Execution execution = begin();
		this.store.renewalError = new NoClassDefFoundError("made to fail");
		await().until(() -> this.store.renewals.get() > 0);
		this.store.renewalError = null;
		int renewals = this.store.renewals.get();
		await().until(() -> this.store.renewals.get() > renewals + 3);
		execution.complete(RESULT);
		assertReplayed(this.engine.begin(call(ASKED)));
	}

	@Test
	void leasesAreRenewedAcrossAStopAndAStart() {
		Execution execution = begin();
		this.keeper.stop();
		this.keeper.start();
		int renewals = this.store.renewals.get();
		await().until(() -> this.store.renewals.get() > renewals + 3);
		execution.complete(RESULT);
		assertThat(counter("idempotency.leases.lost")).isZero();
	}

	@Test
	void releaseWhoseReplyWasLostIsNoLostLease() {
		Execution execution = begin();
		this.store.releaseReplyIsLost = true;
		execution.release();
		this.store.releaseReplyIsLost = false;
		await().until(() -> this.store.releases.get() > 1);
		await().untilAsserted(() -> assertThat(this.engine.begin(call(ASKED))).isInstanceOf(Execution.class));
		assertThat(counter("idempotency.leases.lost")).isZero();
	}

	@Test
	void recordOfAnotherFormatNeverRunsTheMethod() {
		this.onStoreFailure = OnStoreFailure.PROCEED;
		this.store.claimIsUnreadable = true;
		assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> this.engine.begin(call(ASKED)));
	}

	@Test
	void waiterNeverRunsUnprotectedWhenTheStoreFailsMeanwhile() throws Exception {
		this.onStoreFailure = OnStoreFailure.PROCEED;
		begin();
		CompletableFuture<Attempt> waiting = CompletableFuture
			.supplyAsync(() -> this.engine.begin(call(ASKED, InProgress.WAIT)));
		await().until(() -> this.store.claims.get() > 1);
		this.store.claimFails = true;
		assertThat(waiting.handle((attempt, failure) -> failure).get(5, TimeUnit.SECONDS))
			.hasCauseInstanceOf(StoreUnavailableException.class);
	}

	@Test
	void rule24ClaimWhoseReplyWasLostDoesNotBlockTheKeyForItsLease() {
		this.store.claimReplyIsLost = true;
		assertThatExceptionOfType(StoreUnavailableException.class)
			.isThrownBy(() -> this.engine.begin(call(ASKED, InProgress.REJECT, Duration.ofSeconds(30))));
		this.store.claimReplyIsLost = false;
		await().atMost(10, TimeUnit.SECONDS).until(() -> this.store.releasesMade.get() > 0);
		assertThat(begin().isClaimed()).isTrue();
	}

	/** A driver sent it again over another connection. */
	@Test
	void rule24ClaimThatStandsAlthoughItWasRefusedIsGivenBack() {
		this.onStoreFailure = OnStoreFailure.PROCEED;
		this.store.claimIsRefusedAfterItWasMade = true;
		assertThatExceptionOfType(StoreUnavailableException.class)
			.isThrownBy(() -> this.engine.begin(call(ASKED, InProgress.REJECT, Duration.ofSeconds(30))));
		this.store.claimIsRefusedAfterItWasMade = false;
		await().atMost(10, TimeUnit.SECONDS).until(() -> this.store.releasesMade.get() > 0);
		assertThat(begin().isClaimed()).isTrue();
	}

	/** The store is back, but slow, and many results wait for it. */
	@Test
	void rule16ManyDeferredResultsAreStoredWithinTheirLease() {
		Duration lease = Duration.ofSeconds(2);
		List<Execution> executions = IntStream.range(0, 150)
			.mapToObj((i) -> (Execution) this.engine
				.begin(new IdempotentCall(operation(InProgress.REJECT, lease), "", this.key + i, ASKED)))
			.toList();
		this.store.completeFails = true;
		executions.forEach((execution) -> execution.complete(RESULT));
		this.store.completeFails = false;
		this.store.slowCompletion = Duration.ofMillis(100);
		await().atMost(lease.multipliedBy(3)).until(() -> IntStream.range(0, 150).allMatch((i) -> {
			try {
				return this.engine.begin(new IdempotentCall(operation(InProgress.REJECT, lease), "", this.key + i,
						ASKED)) instanceof Replay;
			}
			catch (OperationInProgressException ex) {
				return false;
			}
		}));
	}

	@Test
	void claimThatArrivesAfterItsReleaseIsReleasedAgain() {
		this.store.claimArrivesLate = true;
		assertThatExceptionOfType(StoreUnavailableException.class)
			.isThrownBy(() -> this.engine.begin(call(ASKED, InProgress.REJECT, Duration.ofSeconds(30))));
		await().atMost(10, TimeUnit.SECONDS).until(() -> this.store.releasesMade.get() > 1);
		assertThat(begin().isClaimed()).isTrue();
	}

	// --- rule 16

	@Test
	void rule16ResultThatTheStoreDidNotTakeIsStoredLaterAndDuplicatesWait() {
		Execution execution = begin();
		this.store.completeFails = true;
		execution.complete(RESULT);
		assertThat(counter("idempotency.completions.deferred")).isEqualTo(1);
		assertThat(outcomes("executed")).isEqualTo(1);
		int renewals = this.store.renewals.get();
		await().until(() -> this.store.renewals.get() > renewals + 4);
		// far beyond the first lease
		assertThatExceptionOfType(OperationInProgressException.class).isThrownBy(() -> this.engine.begin(call(ASKED)));
		this.store.completeFails = false;
		await().untilAsserted(() -> assertReplayed(this.engine.begin(call(ASKED))));
		assertThat(counter("idempotency.completions.deferred")).isEqualTo(1);
	}

	@Test
	void rule16ResultIsStoredLaterEvenIfItsRecordHasVanishedMeanwhile() {
		Execution execution = begin();
		this.store.completeFails = true;
		this.store.renewFails = true;
		execution.complete(RESULT);
		long until = System.nanoTime() + LEASE.multipliedBy(2).toNanos();
		await().until(() -> System.nanoTime() > until);
		this.store.completeFails = false;
		await().untilAsserted(() -> assertReplayed(this.engine.begin(call(ASKED))));
	}

	@Test
	void rule16MemoryOfDeferredResultsIsBoundedAndTheFactIsKept() {
		this.engine = engine(5);
		Execution execution = begin();
		this.store.completeFails = true;
		execution.complete(RESULT);
		this.store.completeFails = false;
		await().untilAsserted(() -> assertThatExceptionOfType(ResponseNotKeptException.class)
			.isThrownBy(() -> this.engine.begin(call(ASKED))));
	}

	@Test
	void rule25ResultThatIsStillOwedIsTriedOnceMoreAtShutdown() {
		Execution execution = begin();
		this.store.completeFails = true;
		execution.complete(RESULT);
		this.store.completeFails = false;
		this.keeper.stop();
		assertReplayed(this.engine.begin(call(ASKED)));
	}

	@Test
	void releaseThatTheStoreDidNotTakeIsTriedAgain() {
		Execution execution = begin();
		this.store.releaseFails = true;
		execution.release();
		assertThatExceptionOfType(OperationInProgressException.class).isThrownBy(() -> this.engine.begin(call(ASKED)));
		this.store.releaseFails = false;
		await().ignoreException(OperationInProgressException.class)
			.untilAsserted(() -> assertThat(this.engine.begin(call(ASKED))).isInstanceOf(Execution.class));
		assertThat(outcomes("failed")).isEqualTo(1);
	}

	// --- rule 21

	@Test
	void rule21LeaseIsRenewedAndAFailedRenewalDoesNotEndIt() {
		Execution execution = begin();
		this.store.renewFails = true;
		await().until(() -> this.store.renewals.get() > 1);
		this.store.renewFails = false;
		int renewals = this.store.renewals.get();
		await().until(() -> this.store.renewals.get() > renewals + 4);
		assertThatExceptionOfType(OperationInProgressException.class).isThrownBy(() -> this.engine.begin(call(ASKED)));
		execution.complete(RESULT);
		assertReplayed(this.engine.begin(call(ASKED)));
		assertThat(counter("idempotency.leases.lost")).isZero();
	}

	@Test
	void rule21LeaseThatEndedUnnoticedIsTakenBack() {
		Execution execution = begin();
		this.store.renewFails = true;
		long until = System.nanoTime() + LEASE.multipliedBy(2).toNanos();
		await().until(() -> System.nanoTime() > until);
		int claims = this.store.claims.get();
		this.store.renewFails = false;
		await().until(() -> this.store.claims.get() > claims);
		assertThatExceptionOfType(OperationInProgressException.class).isThrownBy(() -> this.engine.begin(call(ASKED)));
		execution.complete(RESULT);
		assertThat(counter("idempotency.leases.lost")).isZero();
	}

	@Test
	void rule21OwnerThatWasReplacedKeepsItsAnswerAndChangesNothing() {
		Execution stale = begin();
		this.store.renewFails = true;
		long until = System.nanoTime() + LEASE.plusMillis(50).toNanos();
		await().until(() -> System.nanoTime() > until);
		IdempotencyEngine otherNode = engine(1000);
		Execution fresh = (Execution) otherNode.begin(call(ASKED, InProgress.REJECT, Duration.ofSeconds(30)));
		this.store.renewFails = false;
		await().until(() -> counter("idempotency.leases.lost") == 1);
		stale.complete(StoredResult.of(new byte[] { 1 }));
		fresh.complete(RESULT);
		assertReplayed(this.engine.begin(call(ASKED)));
		assertThat(counter("idempotency.leases.lost")).isEqualTo(1);
	}

	@Test
	void rule21ClaimWhoseReplyIsOlderThanItsLeaseRunsNothing() {
		this.store.meanwhile = () -> {
			pause(LEASE.plusMillis(50));
			begin().complete(RESULT);
		};
		assertReplayed(this.engine.begin(call(ASKED)));
	}

	@Test
	void rule21ClaimWhoseLeaseEndedBeforeItsReplyWasReadIsMadeAnew() {
		this.store.meanwhile = () -> pause(LEASE.plusMillis(50));
		Execution execution = begin();
		assertThatExceptionOfType(OperationInProgressException.class).isThrownBy(this::begin);
		execution.complete(RESULT);
		assertReplayed(this.engine.begin(call(ASKED)));
	}

	@Test
	void rule21LateClaimThatCannotBeProvedIsGivenBack() {
		this.store.meanwhile = () -> pause(LEASE.multipliedBy(2).dividedBy(3));
		this.store.renewFails = true;
		assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(this::begin);
		await().until(() -> this.store.releasesMade.get() > 0);
		assertThat(begin().isClaimed()).isTrue();
	}

	/** The store was there, so somebody else may have run meanwhile. */
	@Test
	void rule23LateClaimThatCannotBeProvedNeverRunsUnprotected() {
		this.onStoreFailure = OnStoreFailure.PROCEED;
		this.store.meanwhile = () -> pause(LEASE);
		this.store.renewFails = true;
		assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(this::begin);
	}

	private static void pause(Duration duration) {
		long until = System.nanoTime() + duration.toNanos();
		await().until(() -> System.nanoTime() > until);
	}

	@Test
	void shortCallNeedsNoRenewal() {
		for (int i = 0; i < 50; i++) {
			Execution execution = (Execution) this.engine
				.begin(new IdempotentCall(operation(InProgress.REJECT, LEASE), "", this.key + i, ASKED));
			execution.complete(RESULT);
		}
		assertThat(this.store.renewals).hasValue(0);
	}

	@Test
	void recordKeysAreFrozenAndKeepScopeAndKeyApart() {
		assertThat(recordKey("scope", "key")).isEqualTo("PbHXVFb-UC205K3tMzFzew").hasSize(22);
		assertThat(recordKey("scopek", "ey")).isNotEqualTo(recordKey("scope", "key"));
		assertThat(recordKey("", "scopekey")).isNotEqualTo(recordKey("scopeke", "y"));
	}

	private String recordKey(String scope, String key) {
		return new IdempotentCall(operation(InProgress.REJECT, LEASE), scope, key, ASKED).recordKey().digest();
	}

	private Execution begin() {
		return (Execution) this.engine.begin(call(ASKED));
	}

	private static void assertReplayed(Attempt attempt) {
		assertThat(attempt).isInstanceOf(Replay.class);
		assertThat(((Replay) attempt).<StoredResult>read((result) -> result)).isEqualTo(RESULT);
	}

	private IdempotentCall call(Fingerprint fingerprint) {
		return new IdempotentCall(operation(InProgress.REJECT, LEASE), "scope", this.key, fingerprint);
	}

	private IdempotentCall call(Fingerprint fingerprint, InProgress inProgress) {
		return call(fingerprint, inProgress, LEASE);
	}

	private IdempotentCall call(Fingerprint fingerprint, InProgress inProgress, Duration lease) {
		return new IdempotentCall(operation(inProgress, lease), "scope", this.key, fingerprint);
	}

	private IdempotentCall held(Fingerprint fingerprint) {
		IdempotentOperation operation = new IdempotentOperation("POST /payments", Duration.ofHours(1), LEASE,
				InProgress.REJECT, Duration.ofSeconds(5), Recovery.HOLD, OnStoreFailure.REJECT, true, "flaky");
		return new IdempotentCall(operation, "scope", this.key, fingerprint);
	}

	private IdempotentOperation operation(InProgress inProgress, Duration lease) {
		return new IdempotentOperation("POST /payments", Duration.ofHours(1), lease, inProgress, Duration.ofSeconds(5),
				Recovery.RERUN, this.onStoreFailure, true, "flaky");
	}

	private IdempotencyEngine engine(long maxDeferredBytes) {
		return new IdempotencyEngine(Stores.of(Map.of("flaky", this.store)), maxDeferredBytes, this.keeper,
				new IdempotencyMetrics(this.registry), null);
	}

	/** Callers may bring so many new keys in a minute. */
	private IdempotencyEngine limited(int limit) {
		NewKeyCeiling ceiling = new NewKeyCeiling(new InMemoryIdempotencyStore(1_000_000), limit,
				Duration.ofMinutes(1));
		return new IdempotencyEngine(Stores.of(Map.of("flaky", this.store)), 1000, this.keeper,
				new IdempotencyMetrics(this.registry), ceiling);
	}

	private double outcomes(String outcome) {
		var timer = this.registry.find("idempotency.operations").tag("outcome", outcome).timer();
		return (timer != null) ? timer.count() : 0;
	}

	private double counter(String name) {
		Counter counter = this.registry.find(name).counter();
		return (counter != null) ? counter.count() : 0;
	}

}
