package io.idempotency.store.redis;

import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

import io.idempotency.store.IdempotencyStoreException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisCommandTimeoutException;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisNoScriptException;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.jspecify.annotations.Nullable;

/**
 * One call of the store and its time budget, which holds however long the driver's own
 * timeouts are. Where the driver's exceptions become the store's.
 */
final class RedisCall {

	private final RedisLink link;

	private final byte[] key;

	private final CallBudget budget;

	private final OpenRedis redis;

	/** How often the driver had connected when the call began. */
	private final int connections;

	private RedisClusterAsyncCommands<byte[], byte[]> commands;

	/**
	 * Makes a call.
	 * @param key of the record, whose server has to be there
	 * @throws io.idempotency.store.StoreAwayException if there is no server to be asked
	 * @throws IdempotencyStoreException if it failed
	 */
	static <T> T make(RedisLink link, byte[] key, long timeoutNanos, Function<RedisCall, T> work) {
		RedisCall call = new RedisCall(link, key, timeoutNanos);
		try {
			return work.apply(call);
		}
		catch (RedisException ex) {
			throw call.failed(ex);
		}
	}

	private RedisCall(RedisLink link, byte[] key, long timeoutNanos) {
		this.link = link;
		this.key = key;
		this.budget = new CallBudget(timeoutNanos);
		this.redis = link.get(key, this.budget.deadline());
		this.connections = this.redis.connections();
		this.commands = this.redis.commands();
	}

	OpenRedis redis() {
		return this.redis;
	}

	/** The commands of a connection that was open a moment ago. */
	RedisClusterAsyncCommands<byte[], byte[]> commands() {
		return this.commands;
	}

	/** Begins to speak with one server only, also in a Cluster. */
	Conversation converse() {
		if (this.redis.isShared()) {
			throw new IdempotencyStoreException("idempotency.redis.min-replicas needs connections of its own, and there"
					+ " are none where servers are listed one by one or spring.data.redis.lettuce.read-from is set for"
					+ " a single host", null, true);
		}
		StatefulConnection<byte[], byte[]> socket = Objects.requireNonNull(await(this.redis.socketOf(this.key)));
		if (this.redis.isCluster() && socket instanceof StatefulRedisConnection<byte[], byte[]> own) {
			this.commands = own.async();
		}
		return new Conversation(socket);
	}

	/**
	 * Runs a script.
	 * @return the number it answers
	 */
	long run(RedisScript script, byte[]... arguments) {
		return (evaluate(script, ScriptOutputType.INTEGER, arguments) instanceof Long reply) ? reply : 0;
	}

	/**
	 * Runs a script.
	 * @param answer what it answers
	 */
	@Nullable Object evaluate(RedisScript script, ScriptOutputType answer, byte[]... arguments) {
		byte[][] keys = { this.key };
		try {
			return await(this.commands.evalsha(script.digest(), answer, keys, arguments));
		}
		catch (RedisNoScriptException ex) {
			// a new server, a failover or SCRIPT FLUSH: EVAL teaches it the script again
			return await(this.commands.eval(script.text(), answer, keys, arguments));
		}
	}

	/**
	 * Waits for a reply until the budget is used up. A command that is given up is
	 * cancelled, so that the driver does not send it any more if it has not done so yet.
	 * @throws RedisCommandExecutionException if the server answered with an error
	 * @throws IdempotencyStoreException if there was no answer
	 */
	<T> @Nullable T await(Future<T> reply) {
		try {
			return this.budget.await(reply, () -> this.redis.leftUnanswered(this.key));
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof RedisCommandExecutionException refused) {
				throw refused;
			}
			if (ex.getCause() instanceof RedisCommandTimeoutException) {
				// the driver is less patient than the store
				this.redis.leftUnanswered(this.key);
			}
			throw failed(ex.getCause());
		}
		catch (TimeoutException ex) {
			reply.cancel(true);
			throw new IdempotencyStoreException("Redis did not answer within " + this.budget.millis() + " ms", ex);
		}
		catch (CancellationException ex) {
			throw failed(ex);
		}
		catch (InterruptedException ex) {
			reply.cancel(true);
			Thread.currentThread().interrupt();
			throw new IdempotencyStoreException("Interrupted while waiting for Redis", ex);
		}
	}

	/** What to throw for a failure of the driver, or an error of the server. */
	private IdempotencyStoreException failed(@Nullable Throwable cause) {
		if (!(cause instanceof RedisCommandExecutionException)) {
			return new IdempotencyStoreException("Redis failed: " + ((cause != null) ? cause.getMessage() : "unknown"),
					cause);
		}
		RedisRefusal refusal = RedisRefusal.of(cause);
		if (refusal == RedisRefusal.READONLY) {
			this.link.replace(this.redis, this.key);
		}
		else if (this.redis.isCluster() && (refusal == RedisRefusal.MOVED || refusal == RedisRefusal.ASK)) {
			// which a command to one server only does not follow
			this.redis.lookAround();
			refusal = RedisRefusal.TRYAGAIN;
		}
		String message = "Redis failed: " + refusal.explain(cause.getMessage());
		// a driver that has reconnected sends again what may have been executed already
		boolean mayBeSecond = this.redis.connections() != this.connections
				|| (this.redis.isCluster() && (refusal == RedisRefusal.READONLY || refusal == RedisRefusal.LOADING));
		return mayBeSecond ? IdempotencyStoreException.undecided(message, cause)
				: new IdempotencyStoreException(message, cause, true);
	}

}
