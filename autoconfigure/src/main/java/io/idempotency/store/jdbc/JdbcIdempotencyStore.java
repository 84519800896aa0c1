package io.idempotency.store.jdbc;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

import javax.sql.DataSource;

import io.idempotency.Fingerprint;
import io.idempotency.InvalidIdempotencyConfigurationException;
import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.FencingNumberSource;
import io.idempotency.store.HighWaterMarkStore;
import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.NewKeyCounter;
import io.idempotency.store.OwnerToken;
import io.idempotency.store.RecordAdministration;
import io.idempotency.store.RecordKey;
import io.idempotency.store.RecordState;
import io.idempotency.store.RecordView;
import io.idempotency.store.StreamKey;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.SmartLifecycle;

/**
 * Keeps each record as one row of the table {@code idempotency_record} in the
 * application's own database, with connections of its pool and never within one of its
 * transactions.
 * <p>
 * A first call costs two statements, an insert and an update; a replay costs an insert
 * that finds its key taken, and a select. The clock is the database's.
 */
public final class JdbcIdempotencyStore implements IdempotencyStore, FencingNumberSource, HighWaterMarkStore,
		NewKeyCounter, RecordAdministration, SmartLifecycle {

	private static final Log logger = LogFactory.getLog(JdbcIdempotencyStore.class);

	/** Below the engine's lease renewal, which may still need it. */
	private static final int PHASE = 512;

	private static final Fingerprint NONE = new Fingerprint(0, 0);

	private final DatabaseCalls calls;

	private final RecordPurge purge;

	private final boolean inUse;

	private volatile boolean running;

	private volatile boolean purging;

	/**
	 * Does not connect yet: that begins with {@link #start()} where the store is known to
	 * be used, else with the first call.
	 * @param dataSource the application's
	 * @param settings how records are kept
	 * @param purged is told how many expired records were removed at a time
	 */
	public JdbcIdempotencyStore(DataSource dataSource, JdbcSettings settings, IntConsumer purged) {
		this.calls = new DatabaseCalls(dataSource, settings.timeout());
		this.purge = new RecordPurge(this, this.calls, settings, purged);
		this.inUse = settings.inUse();
	}

	@Override
	public ClaimOutcome claim(Claim claim) {
		purgeFromNowOn();
		AtomicBoolean present = new AtomicBoolean();
		try {
			return this.calls.make((table) -> RecordSteps.claim(table, claim, present));
		}
		catch (IdempotencyStoreException ex) {
			throw (present.get() && !ex.isAnswered())
					? IdempotencyStoreException.undecided("There is a record, and the database did not show it", ex)
					: ex;
		}
	}

	@Override
	public OptionalLong read(StreamKey stream) {
		return this.calls.make((table) -> table.marks().read(stream));
	}

	@Override
	public boolean advance(StreamKey stream, OptionalLong expected, long position) {
		HighWaterMarkStore.requireForward(expected, position);
		return this.calls.make((table) -> MarkSteps.advance(table.marks(), stream, expected, position));
	}

	/** The database, for marks in transactions of the application. */
	DatabaseLink linkOfMarks() {
		return this.calls.link();
	}

	/** The database, for claims in transactions of the application. */
	DatabaseLink link() {
		purgeFromNowOn();
		return this.calls.link();
	}

	/** Removes a record if its time is over. */
	void removeExpired(RecordKey key) {
		var unused = this.calls.make((table) -> table.purge(List.of(key.digest())));
	}

	@Override
	public boolean renew(Claim claim) {
		return this.calls.make((table) -> table.renew(claim));
	}

	@Override
	public boolean complete(Claim claim, StoredResult result, Duration retention) {
		return this.calls.make((table) -> RecordSteps.complete(table, claim, result, retention));
	}

	@Override
	public boolean release(Claim claim) {
		return this.calls.make((table) -> table.release(claim));
	}

	@Override
	public boolean abandon(Claim claim) {
		return claim.isHeld() ? this.calls.make((table) -> table.abandon(claim)) : release(claim);
	}

	/** The time of the database, in microseconds. */
	@Override
	public OptionalLong fencingNumber(Claim claim) {
		return this.calls.make((table) -> table.fence(claim));
	}

	@Override
	public Optional<RecordView> look(RecordKey key) {
		return this.calls.make((table) -> Optional.ofNullable(table.look(key)).map(SeenRow::view));
	}

	@Override
	public Optional<RecordView> remove(RecordKey key, Set<RecordState> states) {
		RecordAdministration.requireEnded(states);
		return this.calls.make((table) -> RecordSteps.remove(table, key, states));
	}

	@Override
	public CompletionStage<Duration> countNewKey(String scope, int limit, Duration window) {
		Claim first = new Claim(new RecordKey("new-keys", scope), new OwnerToken(1), NONE, window);
		return this.calls.later((table) -> RecordSteps.count(table, first, limit));
	}

	/** A store that nobody uses has no table, perhaps. */
	private void purgeFromNowOn() {
		if (!this.purging && this.running) {
			this.purging = true;
			this.purge.start();
		}
	}

	/**
	 * Finds out which database it is, where the store is known to be used. One that is
	 * away is no failure.
	 * @throws InvalidIdempotencyConfigurationException if it is none that is supported
	 */
	@Override
	public void start() {
		this.running = true;
		if (!this.inUse) {
			return;
		}
		try {
			var unused = this.calls.make((table) -> Boolean.TRUE);
		}
		catch (IdempotencyStoreException ex) {
			if (ex.getCause() instanceof InvalidIdempotencyConfigurationException unsupported) {
				throw unsupported;
			}
			logger.debug("The database cannot be asked yet which one it is", ex);
		}
		purgeFromNowOn();
	}

	/** Ends the purge. The store itself remains usable. */
	@Override
	public void stop() {
		this.running = false;
		this.purging = false;
		this.purge.stop();
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	/** Removes what has expired, unless another node does; returns how many records. */
	int purge() {
		return this.purge.purge();
	}

}
