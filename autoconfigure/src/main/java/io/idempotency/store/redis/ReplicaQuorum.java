package io.idempotency.store.redis;

import java.time.Duration;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

import io.idempotency.store.IdempotencyStoreException;

/**
 * Lets a write count only when enough replicas know of it. {@code WAIT} holds up its
 * connection and speaks of what was written over it, so such writes have connections of
 * their own, {@value #CONNECTIONS} at most, each for one call at a time.
 */
final class ReplicaQuorum {

	private static final int CONNECTIONS = 8;

	/** The one that was used last comes first, so that no more are opened than needed. */
	private final BlockingDeque<RedisLink> idle = new LinkedBlockingDeque<>();

	private final int replicas;

	private final long replicaMillis;

	private final long timeoutNanos;

	ReplicaQuorum(RedisDial dial, RedisSettings settings) {
		this.replicas = settings.minReplicas();
		this.replicaMillis = settings.replicaTimeout().toMillis();
		this.timeoutNanos = settings.timeout().toNanos();
		for (int i = 0; i < CONNECTIONS; i++) {
			this.idle.add(new RedisLink(dial, this.timeoutNanos / 2));
		}
	}

	/** Makes a call over a connection that nobody else uses meanwhile. */
	<T> T call(byte[] key, BiFunction<RedisCall, Conversation, T> work) {
		long startedAt = System.nanoTime();
		RedisLink link = take();
		boolean done = false;
		try {
			T result = RedisCall.make(link, key, this.timeoutNanos - (System.nanoTime() - startedAt), (call) -> {
				try (Conversation conversation = call.converse()) {
					return work.apply(call, conversation);
				}
			});
			done = true;
			return result;
		}
		finally {
			if (done) {
				this.idle.addFirst(link);
			}
			else {
				// not the first choice any more, whatever is wrong with it
				this.idle.addLast(link);
			}
		}
	}

	private RedisLink take() {
		RedisLink link;
		try {
			// half of the budget is for the call itself
			link = this.idle.pollFirst(this.timeoutNanos / 2, TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IdempotencyStoreException("Interrupted while waiting for Redis", ex);
		}
		if (link == null) {
			// Redis is there: nothing runs unprotected for this
			throw new IdempotencyStoreException("All connections for writes that wait for replicas are in use", null,
					true);
		}
		return link;
	}

	/**
	 * Waits until enough replicas know of what the call has written.
	 * @return whether they do; if it is not known who answered, they do not
	 */
	boolean isReached(RedisCall call, Conversation conversation) {
		Long reached = call.await(call.commands().waitForReplication(this.replicas, this.replicaMillis));
		return reached != null && reached >= this.replicas && !conversation.isInterrupted();
	}

	/** What is said where they do not. */
	String shortfall() {
		return "Fewer than " + this.replicas + " replicas have answered within " + this.replicaMillis
				+ " ms (idempotency.redis.min-replicas)";
	}

	void release() {
		this.idle.forEach(RedisLink::release);
	}

}
