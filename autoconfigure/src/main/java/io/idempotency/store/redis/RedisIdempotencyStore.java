package io.idempotency.store.redis;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.FencingNumberSource;
import io.idempotency.store.HighWaterMarkStore;
import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.NewKeyCounter;
import io.idempotency.store.RecordAdministration;
import io.idempotency.store.RecordKey;
import io.idempotency.store.RecordState;
import io.idempotency.store.RecordView;
import io.idempotency.store.RecordWatcher;
import io.idempotency.store.StoreAwayException;
import io.idempotency.store.StoreInspector;
import io.idempotency.store.StoreReport;
import io.idempotency.store.StreamKey;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Keeps each record under one Redis key, over a connection of its own that is made with
 * the application's settings: its hosts, its Sentinel or Cluster, its credentials, its
 * TLS.
 * <p>
 * A first call costs two commands, {@code SET NX GET PX} and one {@code EVALSHA}; a
 * replay costs the {@code SET} alone. A server before Redis 7 does not know that form; it
 * is asked with {@code SET NX PX} and, where that lost, {@code GETEX}, which reads like
 * {@code GET} but counts as a write, so that no driver sends it to a replica. The oldest
 * server that works is 6.2.
 */
public final class RedisIdempotencyStore implements IdempotencyStore, FencingNumberSource, HighWaterMarkStore,
		NewKeyCounter, RecordAdministration, RecordWatcher, StoreInspector, SmartLifecycle {

	/** Above Spring Data's connection factories (0), below the engine's lease renewal. */
	private static final int PHASE = 512;

	/** Stands where the operation stands in the key of a record. */
	private static final String COUNTERS = "new-keys";

	private final RedisLink link;

	private final @Nullable ReplicaQuorum quorum;

	private final RedisTracking tracking;

	private final RedisKeys keys;

	private final RedisMarks marks;

	private final RedisRecords records;

	private final ServerCheck check;

	private final long timeoutNanos;

	private volatile boolean running;

	/**
	 * Keeps records whatever replicas know of them.
	 * @param connectionFactory the application's, over Lettuce
	 * @param keyPrefix what every key starts with, without the colon
	 * @param timeout the time budget of one call, connecting included
	 */
	public RedisIdempotencyStore(LettuceConnectionFactory connectionFactory, String keyPrefix, Duration timeout) {
		this(connectionFactory, new RedisSettings(keyPrefix, timeout));
	}

	/**
	 * Does not connect yet: that begins with {@link #start()}, or with the first call.
	 * @param connectionFactory the application's, over Lettuce
	 * @param settings how records are kept
	 * @throws io.idempotency.InvalidIdempotencyConfigurationException if the prefix
	 * cannot be used
	 */
	public RedisIdempotencyStore(LettuceConnectionFactory connectionFactory, RedisSettings settings) {
		RedisDial dial = new RedisDial(connectionFactory);
		this.timeoutNanos = settings.timeout().toNanos();
		this.check = settings.check();
		this.link = (this.check != ServerCheck.OFF)
				? new RedisLink(dial, this.timeoutNanos / 2, new ServerExamination()::warn)
				: new RedisLink(dial, this.timeoutNanos / 2);
		this.quorum = (settings.minReplicas() > 0) ? new ReplicaQuorum(dial, settings) : null;
		this.tracking = new RedisTracking(new RedisLink(dial, this.timeoutNanos / 2));
		this.keys = new RedisKeys(settings.keyPrefix());
		this.marks = new RedisMarks(this.link, this.quorum, this.keys, this.timeoutNanos);
		this.records = new RedisRecords(this.link, this.keys, this.timeoutNanos);
	}

	@Override
	public ClaimOutcome claim(Claim claim) {
		byte[] key = this.keys.of(claim.key());
		RedisClaiming claiming = new RedisClaiming(claim, key);
		ReplicaQuorum wanted = this.quorum;
		if (wanted == null) {
			return RedisCall.make(this.link, key, this.timeoutNanos, claiming::make);
		}
		return wanted.call(key, (call, conversation) -> {
			ClaimOutcome outcome = claiming.make(call);
			if (outcome instanceof ClaimOutcome.Acquired) {
				requireReplicas(wanted, call, conversation, claim);
			}
			return outcome;
		});
	}

	private static void requireReplicas(ReplicaQuorum wanted, RedisCall call, Conversation conversation, Claim claim) {
		try {
			if (isKnownToReplicas(wanted, call, conversation, claim)) {
				return;
			}
			call.run(RedisScript.RELEASE, RedisEnvelope.ownership(claim));
		}
		catch (RedisException ex) {
			throw IdempotencyStoreException.undecided("Redis failed after a claim: " + ex.getMessage(), ex);
		}
		catch (IdempotencyStoreException ex) {
			throw IdempotencyStoreException.undecided("Redis did not answer after a claim", ex);
		}
		throw new IdempotencyStoreException(wanted.shortfall() + ", so the claim was given back", null, true);
	}

	/** Writes once more, as the claim may be one whose reply was lost. */
	private static boolean isKnownToReplicas(ReplicaQuorum wanted, RedisCall call, Conversation conversation,
			Claim claim) {
		byte[] life = RedisScript.ascii(RedisClaiming.life(claim));
		return call.run(RedisScript.RENEW, RedisEnvelope.ownership(claim), life) == 1
				&& wanted.isReached(call, conversation);
	}

	@Override
	public boolean renew(Claim claim) {
		return prove(RedisScript.RENEW, claim, RedisScript.ascii(RedisClaiming.life(claim)));
	}

	@Override
	public boolean complete(Claim claim, StoredResult result, Duration retention) {
		byte[] life = RedisScript.ascii(retention.toMillis());
		byte[] value = RedisEnvelope.completed(claim, result);
		ReplicaQuorum wanted = this.quorum;
		if (wanted == null) {
			return prove(RedisScript.COMPLETE, claim, life, value);
		}
		return wanted.call(this.keys.of(claim.key()), (call, conversation) -> {
			boolean completed = call.run(RedisScript.COMPLETE, RedisEnvelope.ownership(claim), life, value) == 1;
			if (completed && !wanted.isReached(call, conversation)) {
				// told once more, it is written once more
				throw new IdempotencyStoreException(wanted.shortfall(), null);
			}
			return completed;
		});
	}

	@Override
	public boolean release(Claim claim) {
		return prove(RedisScript.RELEASE, claim);
	}

	@Override
	public boolean abandon(Claim claim) {
		return claim.isHeld() ? prove(RedisScript.ABANDON, claim, RedisScript.ascii(claim.hold().toMillis()))
				: release(claim);
	}

	/** The time of the server, in microseconds. After a failover it is another one's. */
	@Override
	public OptionalLong fencingNumber(Claim claim) {
		long number = RedisCall.make(this.link, this.keys.of(claim.key()), this.timeoutNanos,
				(call) -> call.run(RedisScript.FENCE, RedisEnvelope.ownership(claim)));
		return (number > 0) ? OptionalLong.of(number) : OptionalLong.empty();
	}

	/** Runs a script for the owner of a claim. */
	private boolean prove(RedisScript script, Claim claim, byte[]... arguments) {
		byte[][] all = new byte[arguments.length + 1][];
		all[0] = RedisEnvelope.ownership(claim);
		System.arraycopy(arguments, 0, all, 1, arguments.length);
		Function<RedisCall, Boolean> work = (call) -> call.run(script, all) == 1;
		return RedisCall.make(this.link, this.keys.of(claim.key()), this.timeoutNanos, work);
	}

	@Override
	public OptionalLong read(StreamKey stream) {
		return this.marks.read(stream);
	}

	@Override
	public boolean advance(StreamKey stream, OptionalLong expected, long position) {
		HighWaterMarkStore.requireForward(expected, position);
		return this.marks.advance(stream, expected, position);
	}

	@Override
	public CompletionStage<Duration> countNewKey(String scope, int limit, Duration window) {
		byte[] key = this.keys.of(new RecordKey(COUNTERS, scope));
		byte[][] arguments = { RedisScript.ascii(limit), RedisScript.ascii(window.toMillis()) };
		OpenRedis redis = this.link.getNow(key);
		if (redis == null) {
			return CompletableFuture.failedStage(new StoreAwayException("Redis is not connected", null));
		}
		return count(redis.commands(), new byte[][] { key }, arguments)
			.thenApply((millis) -> Duration.ofMillis(Math.max(0, millis)));
	}

	private static CompletionStage<Long> count(RedisClusterAsyncCommands<byte[], byte[]> commands, byte[][] key,
			byte[][] arguments) {
		RedisFuture<Long> reply = commands.evalsha(RedisScript.COUNT.digest(), ScriptOutputType.INTEGER, key,
				arguments);
		return reply.exceptionallyCompose((ex) -> (ex instanceof RedisNoScriptException)
				? commands.eval(RedisScript.COUNT.text(), ScriptOutputType.INTEGER, key, arguments)
				: CompletableFuture.failedStage(ex));
	}

	@Override
	public Optional<RecordView> look(RecordKey key) {
		return this.records.look(key);
	}

	@Override
	public Optional<RecordView> remove(RecordKey key, Set<RecordState> states) {
		return this.records.remove(key, states);
	}

	@Override
	public CompletableFuture<Void> watch(RecordKey key) {
		return this.tracking.watch(this.keys.of(key));
	}

	/** Also where {@code idempotency.redis.check} is off: here somebody has asked. */
	@Override
	public StoreReport inspect() {
		return ServerExamination.examine(this.link, this.timeoutNanos);
	}

	/**
	 * Connects in the background, so that the first calls need not do it within their
	 * budget. A Redis that is not there yet is no failure: each call tries again.
	 * @throws io.idempotency.InvalidIdempotencyConfigurationException if it is there, may
	 * lose records, and is not to
	 */
	@Override
	public void start() {
		this.running = true;
		this.link.connectInBackground();
		if (this.check == ServerCheck.FAIL) {
			ServerExamination.require(this.link, this.timeoutNanos);
		}
	}

	/** Gives the connections back. */
	@Override
	public void stop() {
		this.running = false;
		this.link.release();
		this.tracking.release();
		if (this.quorum != null) {
			this.quorum.release();
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	/** After Spring Data's connection factory has started, before it stops. */
	@Override
	public int getPhase() {
		return PHASE;
	}

}
