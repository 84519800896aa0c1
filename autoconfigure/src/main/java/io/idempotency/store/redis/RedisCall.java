package io.idempotency.store.redis;

import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.idempotency.store.IdempotencyStoreException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.jspecify.annotations.Nullable;

/**
 * One call of the store and its time budget, which holds however long the driver's own
 * timeouts are. Where the driver's exceptions become the store's.
 */
final class RedisCall {

	private final RedisLink link;

	private final long timeoutNanos;

	private final long deadline;

	RedisCall(RedisLink link, long timeoutNanos) {
		this.link = link;
		this.timeoutNanos = timeoutNanos;
		this.deadline = System.nanoTime() + timeoutNanos;
	}

	/** The commands of a connection that is open now. */
	RedisClusterAsyncCommands<byte[], byte[]> commands() {
		RedisLink.Open connection = await(this.link.connection(), false);
		if (connection == null || !connection.awaitOpen(this.deadline)) {
			throw new IdempotencyStoreException("Redis is not connected", null);
		}
		return connection.commands();
	}

	/**
	 * Waits for a reply until the budget is used up. A command that is given up is
	 * cancelled, so that the driver does not send it any more if it has not done so yet.
	 * @throws RedisCommandExecutionException if the server answered with an error
	 * @throws IdempotencyStoreException if there was no answer
	 */
	<T> @Nullable T await(Future<T> reply) {
		return await(reply, true);
	}

	private <T> @Nullable T await(Future<T> reply, boolean cancel) {
		try {
			return reply.get(Math.max(0, this.deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof RedisCommandExecutionException refused) {
				throw refused;
			}
			throw failed(ex.getCause());
		}
		catch (TimeoutException ex) {
			if (cancel) {
				reply.cancel(true);
			}
			throw new IdempotencyStoreException(
					"Redis did not answer within " + TimeUnit.NANOSECONDS.toMillis(this.timeoutNanos) + " ms", ex);
		}
		catch (CancellationException ex) {
			throw failed(ex);
		}
		catch (InterruptedException ex) {
			if (cancel) {
				reply.cancel(true);
			}
			Thread.currentThread().interrupt();
			throw new IdempotencyStoreException("Interrupted while waiting for Redis", ex);
		}
	}

	static IdempotencyStoreException failed(@Nullable Throwable cause) {
		return new IdempotencyStoreException("Redis failed: " + ((cause != null) ? cause.getMessage() : "unknown"),
				cause, cause instanceof RedisCommandExecutionException);
	}

}
