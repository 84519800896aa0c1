package io.idempotency.store.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.idempotency.InvalidIdempotencyConfigurationException;
import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.NewKeyCounter;
import io.idempotency.store.RecordKey;
import io.lettuce.core.GetExArgs;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.context.SmartLifecycle;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/**
 * Keeps each record under one Redis key, over the connection factory of the application:
 * its host, its Sentinel or Cluster, its credentials and its TLS.
 * <p>
 * A first call costs two commands, {@code SET NX GET PX} and one {@code EVALSHA}; a
 * replay costs the {@code SET} alone. A server before Redis 7 does not know that form; it
 * is asked with {@code SET NX PX} and, where that lost, {@code GETEX}, which reads like
 * {@code GET} but counts as a write, so that no driver sends it to a replica. The oldest
 * server that works is 6.2.
 */
public final class RedisIdempotencyStore implements IdempotencyStore, NewKeyCounter, SmartLifecycle {

	private static final Log logger = LogFactory.getLog(RedisIdempotencyStore.class);

	/** Above Spring Data's connection factories (0), below the engine's lease renewal. */
	private static final int PHASE = 512;

	/** Stands where the operation stands in the key of a record. */
	private static final String COUNTERS = "new-keys";

	private final RedisLink link;

	private final RedisKeys keys;

	private final long timeoutNanos;

	/** Whether the server takes SET with NX and GET together, as far as is known. */
	private volatile boolean claimsInOneStep = true;

	private volatile boolean running;

	/**
	 * Does not connect yet: that begins with {@link #start()}, or with the first call.
	 * @param connectionFactory the application's, over Lettuce
	 * @param keyPrefix what every key starts with, without the colon
	 * @param timeout the time budget of one call, connecting included
	 * @throws InvalidIdempotencyConfigurationException if the factory is not one of
	 * Lettuce or the prefix cannot be used
	 */
	public RedisIdempotencyStore(LettuceConnectionFactory connectionFactory, String keyPrefix, Duration timeout) {
		this.link = new RedisLink(connectionFactory);
		this.keys = new RedisKeys(keyPrefix);
		this.timeoutNanos = timeout.toNanos();
	}

	@Override
	public ClaimOutcome claim(Claim claim) {
		RedisCall call = new RedisCall(this.link, this.timeoutNanos);
		byte[] key = this.keys.of(claim.key());
		byte[] value = RedisEnvelope.pending(claim, System.currentTimeMillis());
		try {
			while (true) {
				byte[] found = claim(key, value, life(claim), call);
				ClaimOutcome outcome = (found != null) ? RedisEnvelope.read(found, claim.owner())
						: ClaimOutcome.Acquired.INSTANCE;
				if (found == null || !(outcome instanceof ClaimOutcome.Pending pending)
						|| !RedisEnvelope.isHeld(found)) {
					return outcome;
				}
				long lapsed = run(RedisScript.LAPSED, call, key, Arrays.copyOf(found, RedisEnvelope.OWNERSHIP_LENGTH),
						ascii(RedisEnvelope.hold(found)));
				if (lapsed != 2) {
					return (lapsed == 1) ? new ClaimOutcome.Unknown(pending.fingerprint()) : pending;
				}
				// its owner settled it between the two steps: look again
			}
		}
		catch (RedisException ex) {
			throw RedisCall.failed(ex);
		}
	}

	/** How long the server keeps a pending value. */
	private static long life(Claim claim) {
		return claim.lease().toMillis() + claim.hold().toMillis();
	}

	private byte @Nullable [] claim(byte[] key, byte[] value, long lease, RedisCall call) {
		RedisClusterAsyncCommands<byte[], byte[]> commands = call.commands();
		if (this.claimsInOneStep) {
			try {
				return call.await(commands.setGet(key, value, SetArgs.Builder.nx().px(lease)));
			}
			catch (RedisCommandExecutionException ex) {
				if (isOutOfMemory(ex)) {
					return readOnly(commands, key, call, ex);
				}
				if (!isSyntaxError(ex)) {
					throw ex;
				}
				logger.info("This Redis is older than 7.0: claims take two steps where they find a record");
				this.claimsInOneStep = false;
			}
		}
		return claimInTwoSteps(commands, key, value, lease, call);
	}

	/** A full server takes no claim, but what is completed can be replayed. */
	private byte[] readOnly(RedisClusterAsyncCommands<byte[], byte[]> commands, byte[] key, RedisCall call,
			RedisCommandExecutionException full) {
		byte[] found = call.await(commands.getex(key, new GetExArgs()));
		if (found == null) {
			throw full;
		}
		return found;
	}

	private byte @Nullable [] claimInTwoSteps(RedisClusterAsyncCommands<byte[], byte[]> commands, byte[] key,
			byte[] value, long lease, RedisCall call) {
		while (true) {
			try {
				if (call.await(commands.set(key, value, SetArgs.Builder.nx().px(lease))) != null) {
					return null;
				}
			}
			catch (RedisCommandExecutionException ex) {
				if (!isOutOfMemory(ex)) {
					throw ex;
				}
				return readOnly(commands, key, call, ex);
			}
			byte[] found = call.await(commands.getex(key, new GetExArgs()));
			if (found != null) {
				return found;
			}
			// the record ended between the two steps: nobody has it, so claim again
		}
	}

	@Override
	public boolean renew(Claim claim) {
		return prove(RedisScript.RENEW, claim, ascii(life(claim)));
	}

	@Override
	public boolean complete(Claim claim, StoredResult result, Duration retention) {
		return prove(RedisScript.COMPLETE, claim, ascii(retention.toMillis()),
				RedisEnvelope.completed(claim, result, System.currentTimeMillis()));
	}

	@Override
	public boolean release(Claim claim) {
		return prove(RedisScript.RELEASE, claim);
	}

	@Override
	public boolean abandon(Claim claim) {
		return claim.isHeld() ? prove(RedisScript.ABANDON, claim, ascii(claim.hold().toMillis())) : release(claim);
	}

	@Override
	public CompletionStage<Duration> countNewKey(String scope, int limit, Duration window) {
		byte[][] key = { this.keys.of(new RecordKey(COUNTERS, scope)) };
		byte[][] arguments = { ascii(limit), ascii(window.toMillis()) };
		return this.link.connection()
			.thenCompose((open) -> count(open.commands(), key, arguments))
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

	/** Runs a script for the owner of a claim. */
	private boolean prove(RedisScript script, Claim claim, byte[]... arguments) {
		byte[][] all = new byte[arguments.length + 1][];
		all[0] = RedisEnvelope.ownership(claim);
		System.arraycopy(arguments, 0, all, 1, arguments.length);
		try {
			return run(script, new RedisCall(this.link, this.timeoutNanos), this.keys.of(claim.key()), all) == 1;
		}
		catch (RedisException ex) {
			throw RedisCall.failed(ex);
		}
	}

	private static long run(RedisScript script, RedisCall call, byte[] key, byte[]... arguments) {
		RedisClusterAsyncCommands<byte[], byte[]> commands = call.commands();
		byte[][] keys = { key };
		Long reply;
		try {
			reply = call.await(commands.evalsha(script.digest(), ScriptOutputType.INTEGER, keys, arguments));
		}
		catch (RedisNoScriptException ex) {
			// a new server, a failover or SCRIPT FLUSH: EVAL teaches it the script again
			reply = call.await(commands.eval(script.text(), ScriptOutputType.INTEGER, keys, arguments));
		}
		return (reply != null) ? reply : 0;
	}

	private static boolean isOutOfMemory(RedisCommandExecutionException ex) {
		String message = ex.getMessage();
		return message != null && message.startsWith("OOM");
	}

	private static boolean isSyntaxError(RedisCommandExecutionException ex) {
		String message = ex.getMessage();
		return message != null && message.startsWith("ERR syntax error");
	}

	private static byte[] ascii(long number) {
		return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
	}

	/**
	 * Connects in the background, so that the first calls need not do it within their
	 * budget. A Redis that is not there yet is no failure: each call tries again.
	 */
	@Override
	public void start() {
		this.running = true;
		this.link.connectInBackground();
	}

	/** Gives the connection back. */
	@Override
	public void stop() {
		this.running = false;
		this.link.release();
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
