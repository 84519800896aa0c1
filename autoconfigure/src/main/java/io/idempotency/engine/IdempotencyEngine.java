package io.idempotency.engine;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

import io.idempotency.Fingerprint;
import io.idempotency.IdempotencyException;
import io.idempotency.IdempotentOperation;
import io.idempotency.InProgress;
import io.idempotency.OnStoreFailure;
import io.idempotency.OperationInProgressException;
import io.idempotency.OutcomeUnknownException;
import io.idempotency.PayloadMismatchException;
import io.idempotency.Recovery;
import io.idempotency.ResponseNotKeptException;
import io.idempotency.StoreUnavailableException;
import io.idempotency.TooManyKeysException;
import io.idempotency.observation.IdempotencyMetrics;
import io.idempotency.observation.OperationMetrics;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.OwnerToken;
import io.idempotency.store.RecordWatcher;
import io.idempotency.store.StoreAwayException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Decides what happens to a call: run the method, replay an earlier result, or refuse. A
 * door asks with {@link #begin} and settles the {@link Execution} that it gets. For all
 * threads.
 */
public final class IdempotencyEngine {

	private static final Log logger = LogFactory.getLog(IdempotencyEngine.class);

	private final Map<String, IdempotencyStore> stores = new LinkedHashMap<>();

	private final Map<String, RecordWatcher> watchers;

	private final WaitingRooms waiting = new WaitingRooms();

	private final IdempotencyMetrics metrics;

	private final LeaseKeeper keeper;

	private final ClaimedExecution.Surroundings surroundings;

	private final @Nullable NewKeyCeiling ceiling;

	/**
	 * @param stores by name
	 * @param watchers those that can tell when a record changes, by the same names
	 * @param maxDeferredBytes memory for results that wait for a store
	 * @param keeper looks after leases
	 * @param metrics counts
	 * @param ceiling how many new keys a caller may bring, or {@code null} if any number
	 */
	public IdempotencyEngine(Map<String, IdempotencyStore> stores, Map<String, RecordWatcher> watchers,
			long maxDeferredBytes, LeaseKeeper keeper, IdempotencyMetrics metrics, @Nullable NewKeyCeiling ceiling) {
		stores.forEach((name, store) -> this.stores.put(name, new ObservedStore(name, store, metrics.store(name))));
		this.watchers = Map.copyOf(watchers);
		this.keeper = keeper;
		this.metrics = metrics;
		this.ceiling = ceiling;
		this.surroundings = new ClaimedExecution.Surroundings(keeper, new DeferredBudget(maxDeferredBytes),
				metrics::leaseLost, metrics::completionDeferred, this.waiting::settled);
	}

	/** The names that an operation's store may have. */
	public Set<String> storeNames() {
		return this.stores.keySet();
	}

	/**
	 * Claims the call's key, or finds out what became of an earlier call with it. Waits
	 * where the operation says so.
	 * @param call what came in
	 * @return what to do
	 * @throws IdempotencyException if the call is refused
	 */
	public Attempt begin(IdempotentCall call) {
		long startedAt = System.nanoTime();
		try {
			return claim(call, startedAt);
		}
		catch (IdempotencyException ex) {
			throw refused(ex, startedAt);
		}
	}

	private Attempt claim(IdempotentCall call, long startedAt) {
		IdempotentOperation operation = call.operation();
		OperationMetrics counters = this.metrics.operation(operation.name());
		IdempotencyStore store = store(operation);
		Claim claim = new Claim(call.recordKey(), OwnerToken.next(), call.fingerprint(), operation.lease(),
				(operation.recovery() == Recovery.HOLD) ? operation.ttl() : Duration.ZERO);
		ClaimOutcome outcome;
		try {
			outcome = store.claim(claim);
		}
		catch (IdempotencyStoreException ex) {
			StoreUnavailableException refusal = failed(operation, store, claim, ex);
			if (operation.onStoreFailure() == OnStoreFailure.PROCEED && !ex.isAnswered()
					&& !Thread.currentThread().isInterrupted()) {
				logger.warn("The store failed, so a call of " + operation.name() + " runs unprotected", ex);
				return new UnprotectedExecution(counters, startedAt);
			}
			throw refusal;
		}
		if (outcome instanceof ClaimOutcome.Pending) {
			requireMatch(operation, claim.fingerprint(), outcome);
			outcome = (operation.inProgress() == InProgress.WAIT) ? await(operation, store, claim) : null;
		}
		if (outcome instanceof ClaimOutcome.Acquired) {
			return new ClaimedExecution(this.surroundings, store, operation, claim, counters, startedAt,
					admit(call, store, claim));
		}
		if (outcome != null) {
			requireMatch(operation, claim.fingerprint(), outcome);
		}
		counters.duplicate();
		if (outcome instanceof ClaimOutcome.Unknown) {
			// a process that died could not say which record it left behind
			logger.info("A call of " + operation.name() + " was refused: an earlier one with its key ended without"
					+ " a known outcome. Record " + claim.key().digest());
			throw new OutcomeUnknownException(operation.name());
		}
		if (!(outcome instanceof ClaimOutcome.Completed completed)) {
			throw new OperationInProgressException(operation.name());
		}
		if (!completed.result().isKept()) {
			throw new ResponseNotKeptException(operation.name());
		}
		return new Replay(completed.result(), counters, startedAt);
	}

	/**
	 * Waits for a running call.
	 * @return what became of it, or {@code null} if nothing so far
	 * @throws StoreUnavailableException if the store fails meanwhile: once a running call
	 * was seen, running the method unprotected is no option
	 */
	private @Nullable ClaimOutcome await(IdempotentOperation operation, IdempotencyStore store, Claim claim) {
		long endsAt = System.nanoTime() + operation.waitTimeout().toNanos();
		try {
			return this.waiting.await(store, this.watchers.get(operation.store()), claim, () -> store.claim(claim),
					endsAt);
		}
		catch (IdempotencyStoreException ex) {
			throw failed(operation, store, claim, ex);
		}
	}

	/** Sees to it that a claim that may stand nevertheless does not stay. */
	private StoreUnavailableException failed(IdempotentOperation operation, IdempotencyStore store, Claim claim,
			IdempotencyStoreException failure) {
		if (!failure.isAnswered() && !(failure instanceof StoreAwayException)) {
			releaseLater(store, claim);
		}
		return new StoreUnavailableException(operation.name(), failure);
	}

	/**
	 * Lets a new key in, or gives it back.
	 * @return counts it
	 */
	private @Nullable Runnable admit(IdempotentCall call, IdempotencyStore store, Claim claim) {
		String scope = (this.ceiling != null) ? NewKeyCeiling.scopeOf(call) : null;
		if (this.ceiling == null || scope == null) {
			return null;
		}
		NewKeyCeiling counting = this.ceiling;
		Duration closed = counting.closedFor(scope);
		if (closed == null) {
			return () -> counting.count(scope);
		}
		try {
			store.release(claim);
		}
		catch (IdempotencyStoreException ex) {
			// it stands, whatever the store has answered
			releaseLater(store, claim);
		}
		throw new TooManyKeysException(call.operation().name(), closed);
	}

	private IdempotencyStore store(IdempotentOperation operation) {
		IdempotencyStore store = this.stores.get(operation.store());
		if (store == null) {
			throw new IllegalStateException("There is no idempotency store named " + operation.store());
		}
		return store;
	}

	private void requireMatch(IdempotentOperation operation, Fingerprint asked, ClaimOutcome outcome) {
		if (!asked.equals(outcome.fingerprint())) {
			throw new PayloadMismatchException(operation.name());
		}
	}

	private void releaseLater(IdempotencyStore store, Claim claim) {
		if (this.keeper.hasRoom()) {
			this.keeper.watch(new UnwantedClaim(store, claim, System.nanoTime(), this.keeper::hasAmpleRoom));
		}
	}

	/**
	 * Lets a call run whose operation does without a key when it has none.
	 * @param operation one whose key is not required
	 */
	public Execution unprotected(IdempotentOperation operation) {
		return new UnprotectedExecution(this.metrics.operation(operation.name()), System.nanoTime());
	}

	/**
	 * Counts a call that its door refuses.
	 * @param refusal why
	 * @return the same exception, to be thrown
	 */
	public <E extends IdempotencyException> E refused(E refusal) {
		return refused(refusal, System.nanoTime());
	}

	private <E extends IdempotencyException> E refused(E refusal, long startedAt) {
		this.metrics.operation(refusal.getOperation()).ended(RefusalOutcome.of(refusal), startedAt);
		return refusal;
	}

}
