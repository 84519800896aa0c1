package io.idempotency.engine;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import io.idempotency.IdempotencyException;
import io.idempotency.IdempotentOperation;
import io.idempotency.InProgress;
import io.idempotency.OnStoreFailure;
import io.idempotency.StoreUnavailableException;
import io.idempotency.TooManyKeysException;
import io.idempotency.observation.CallObservation;
import io.idempotency.observation.IdempotencyMetrics;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.RecordWatcher;
import io.idempotency.store.TransactionalIdempotencyStore;
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

	private final Map<String, IdempotencyStore> stores = new HashMap<>();

	private final Map<String, TransactionalIdempotencyStore> transactional = new HashMap<>();

	private final Map<String, RecordWatcher> watchers;

	private final Map<String, FencingNumbers> numbers = new HashMap<>();

	private final Set<String> names;

	private final TransactionalCalls transactions;

	private final WaitingRooms waiting = new WaitingRooms();

	private final IdempotencyMetrics metrics;

	private final LeaseKeeper keeper;

	private final ClaimedExecution.Surroundings surroundings;

	private final @Nullable NewKeyCeiling ceiling;

	/**
	 * @param stores that operations may name
	 * @param maxDeferredBytes memory for results that wait for a store
	 * @param keeper looks after leases
	 * @param metrics counts
	 * @param ceiling how many new keys a caller may bring, or {@code null} if any number
	 */
	public IdempotencyEngine(Stores stores, long maxDeferredBytes, LeaseKeeper keeper, IdempotencyMetrics metrics,
			@Nullable NewKeyCeiling ceiling) {
		stores.leased()
			.forEach((name, store) -> this.stores.put(name,
					new ObservedStore(store, new StoreObservation(name, metrics.store(name)))));
		stores.transactional()
			.forEach((name, store) -> this.transactional.put(name,
					new ObservedTransactions(store, new StoreObservation(name, metrics.store(name)))));
		this.watchers = stores.watchers();
		this.names = stores.names();
		this.names.forEach((name) -> this.numbers.put(name, new FencingNumbers(stores.fencing().get(name))));
		this.transactions = new TransactionalCalls(ceiling);
		this.keeper = keeper;
		this.metrics = metrics;
		this.ceiling = ceiling;
		this.surroundings = new ClaimedExecution.Surroundings(keeper, new DeferredBudget(maxDeferredBytes),
				metrics::leaseLost, metrics::completionDeferred, this.waiting::settled);
	}

	/** The names that an operation's store may have. */
	public Set<String> storeNames() {
		return this.names;
	}

	/**
	 * Whether the methods of an operation run in a transaction with their claims, so that
	 * they have to end in the thread in which they begin.
	 */
	public boolean isTransactional(IdempotentOperation operation) {
		return this.transactional.containsKey(operation.store());
	}

	/**
	 * Claims the call's key, or finds out what became of an earlier call with it. Waits
	 * where the operation says so.
	 * @param call what came in
	 * @return what to do
	 * @throws IdempotencyException if the call is refused
	 */
	public Attempt begin(IdempotentCall call) {
		IdempotentOperation operation = call.operation();
		CallObservation observation = this.metrics.operation(operation.name()).begin();
		TransactionalIdempotencyStore store = this.transactional.get(operation.store());
		try {
			return (store != null) ? this.transactions.begin(store, numbers(operation), call, observation)
					: claim(call, observation);
		}
		catch (IdempotencyException ex) {
			observation.ended(RefusalOutcome.of(ex));
			throw ex;
		}
		catch (RuntimeException ex) {
			observation.broken(ex);
			throw ex;
		}
	}

	private Attempt claim(IdempotentCall call, CallObservation observation) {
		IdempotentOperation operation = call.operation();
		IdempotencyStore store = store(operation);
		Claim claim = call.claim();
		observation.record(claim.key().digest());
		Claiming claiming = new Claiming(store, claim);
		ClaimOutcome outcome;
		try {
			outcome = claiming.claim();
		}
		catch (IdempotencyStoreException ex) {
			StoreUnavailableException refusal = failed(operation, store, claim, ex);
			if (operation.onStoreFailure() == OnStoreFailure.PROCEED && !ex.isAnswered()
					&& !Thread.currentThread().isInterrupted()) {
				logger.warn("The store failed, so a call of " + operation.name() + " runs unprotected. Record "
						+ claim.key().digest(), ex);
				return new UnprotectedExecution(observation);
			}
			throw refusal;
		}
		if (outcome instanceof ClaimOutcome.Pending) {
			Verdict.requireMatch(operation, claim, outcome);
			outcome = (operation.inProgress() == InProgress.WAIT) ? await(operation, store, claiming) : null;
		}
		if (outcome instanceof ClaimOutcome.Acquired) {
			return new ClaimedExecution(this.surroundings, store, numbers(operation), operation, claiming, observation,
					admit(call, store, claim));
		}
		return Verdict.of(operation, claim, outcome, observation);
	}

	/**
	 * Waits for a running call.
	 * @return what became of it, or {@code null} if nothing so far
	 * @throws StoreUnavailableException if the store fails meanwhile: once a running call
	 * was seen, running the method unprotected is no option
	 */
	private @Nullable ClaimOutcome await(IdempotentOperation operation, IdempotencyStore store, Claiming claiming) {
		Claim claim = claiming.wanted();
		long endsAt = System.nanoTime() + operation.waitTimeout().toNanos();
		try {
			return this.waiting.await(store, this.watchers.get(operation.store()), claim, claiming::claim, endsAt);
		}
		catch (IdempotencyStoreException ex) {
			throw failed(operation, store, claim, ex);
		}
	}

	/** Sees to it that a claim that may stand nevertheless does not stay. */
	private StoreUnavailableException failed(IdempotentOperation operation, IdempotencyStore store, Claim claim,
			IdempotencyStoreException failure) {
		if (failure.isUndecided()) {
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

	private FencingNumbers numbers(IdempotentOperation operation) {
		return Objects.requireNonNull(this.numbers.get(operation.store()));
	}

	private void releaseLater(IdempotencyStore store, Claim claim) {
		if (this.keeper.hasRoomForReleases()) {
			this.keeper.watch(new UnwantedClaim(store, claim, System.nanoTime(), this.keeper::hasAmpleRoom));
		}
	}

	/**
	 * Lets a call run whose operation does without a key when it has none.
	 * @param operation one whose key is not required
	 */
	public Execution unprotected(IdempotentOperation operation) {
		return new UnprotectedExecution(this.metrics.operation(operation.name()).begin());
	}

	/**
	 * Counts a call that its door refuses.
	 * @param refusal why
	 * @return the same exception, to be thrown
	 */
	public <E extends IdempotencyException> E refused(E refusal) {
		this.metrics.operation(refusal.getOperation()).begin().ended(RefusalOutcome.of(refusal));
		return refusal;
	}

}
