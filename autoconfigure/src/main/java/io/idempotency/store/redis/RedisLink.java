package io.idempotency.store.redis;

import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.StoreAwayException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * The way to Redis, shared by all threads: a connection, and another one where that leads
 * nowhere.
 * <p>
 * A driver tries to reconnect ever more seldom, up to half a minute apart, and does not
 * notice a network that swallows everything. So whoever finds no server here has another
 * connection tried, at most every {@value #PAUSE_MILLIS} ms, until one is answered.
 * Connecting may block for as long as the driver likes, so threads of their own do it,
 * and callers wait for no longer than their budget. A server that has been away for half
 * of that is known to be away: nobody begins to wait for it, until it is back.
 */
final class RedisLink {

	private static final Log logger = LogFactory.getLog(RedisLink.class);

	private static final int PAUSE_MILLIS = 1000;

	private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS);

	/**
	 * As many attempts may hang at a time: for ten seconds, unless that is configured.
	 */
	private static final int ATTEMPTS = 12;

	private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(5);

	private final RedisDial dial;

	/** How long a caller waits for a connection, and an attempt for its answer. */
	private final long patience;

	private final Consumer<OpenRedis> onAdopted;

	private final Executor connector;

	private final ReentrantLock changing = new ReentrantLock();

	private volatile @Nullable OpenRedis open;

	/** When a caller found no connection for the first time, or 0. */
	private volatile long awaySince;

	private volatile @Nullable Throwable lastFailure;

	private final AtomicLong lastAttempt = new AtomicLong(System.nanoTime() - PAUSE);

	private final AtomicInteger epoch = new AtomicInteger();

	/**
	 * @param dial opens connections
	 * @param patience nanoseconds that a server may be away before it is known to be
	 */
	RedisLink(RedisDial dial, long patience) {
		this(dial, patience, (adopted) -> {
		});
	}

	/**
	 * @param onAdopted is told of each connection that is taken into use
	 */
	RedisLink(RedisDial dial, long patience, Consumer<OpenRedis> onAdopted) {
		this.dial = dial;
		this.onAdopted = onAdopted;
		this.patience = patience;
		CustomizableThreadFactory threads = new CustomizableThreadFactory("idempotency-redis-");
		threads.setDaemon(true);
		// nothing to shut down: the threads end by themselves
		this.connector = new ThreadPoolExecutor(0, ATTEMPTS, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), threads,
				new ThreadPoolExecutor.DiscardPolicy());
	}

	/**
	 * A connection for a command.
	 * @param key whose server has to be there
	 * @param deadline until when to wait for one, by {@link System#nanoTime()}
	 * @throws StoreAwayException if there is none: nothing was sent
	 */
	OpenRedis get(byte[] key, long deadline) {
		OpenRedis current = this.open;
		if (current == null || !current.isUsableFor(key)) {
			return await(key, deadline);
		}
		if (this.awaySince != 0) {
			this.awaySince = 0;
		}
		return current;
	}

	/** A connection that can be used at once, if there is one. */
	@Nullable OpenRedis getNow(byte[] key) {
		OpenRedis current = this.open;
		return (current != null && current.isUsableFor(key)) ? current : null;
	}

	private OpenRedis await(byte[] key, long deadline) {
		while (true) {
			OpenRedis current = this.open;
			if (current != null && current.isUsableFor(key)) {
				this.awaySince = 0;
				return current;
			}
			connect(key);
			long now = System.nanoTime();
			if (current != null && current.isSilent(key)) {
				current.lookAround();
				throw new StoreAwayException("Redis does not answer", null);
			}
			long since = this.awaySince;
			if (since == 0) {
				since = now;
				this.awaySince = now;
			}
			if (now - since >= this.patience || now - deadline >= 0) {
				throw new StoreAwayException("Redis is not connected", this.lastFailure);
			}
			if (Thread.currentThread().isInterrupted()) {
				throw new IdempotencyStoreException("Interrupted while waiting for Redis", null);
			}
			LockSupport.parkNanos(this, LOOK);
		}
	}

	/** Connects, if there is something to connect to; if not, a later call will try. */
	void connectInBackground() {
		connect(null);
	}

	/** Connects for a key whose server is not there. */
	void connectInBackground(byte[] key) {
		connect(key);
	}

	/**
	 * The first connection, however long that takes, or a reason why there is none.
	 * @return {@code null} if there is none
	 */
	@Nullable OpenRedis first(long deadline) {
		connect(null);
		while (this.open == null && this.lastFailure == null && System.nanoTime() - deadline < 0
				&& !Thread.currentThread().isInterrupted()) {
			LockSupport.parkNanos(this, LOOK);
		}
		return this.open;
	}

	/** The server of a key refuses to be written to, so another has taken its place. */
	void replace(OpenRedis former, byte[] key) {
		former.demoted();
		connect(key);
	}

	private void connect(byte @Nullable [] key) {
		long now = System.nanoTime();
		long last = this.lastAttempt.get();
		if (now - last >= PAUSE && this.lastAttempt.compareAndSet(last, now)) {
			int epochBefore = this.epoch.get();
			this.connector.execute(() -> attempt(key, epochBefore));
		}
	}

	private void attempt(byte @Nullable [] key, int epochBefore) {
		try {
			OpenRedis fresh = this.dial.open();
			if ((key != null && !fresh.answers(key, this.patience)) || !adopt(fresh, key, epochBefore)) {
				fresh.close();
				return;
			}
			this.onAdopted.accept(fresh);
		}
		catch (RuntimeException ex) {
			this.lastFailure = ex;
			logger.debug("Redis cannot be connected", ex);
		}
	}

	/** Takes a connection into use, unless the present one has come to itself. */
	private boolean adopt(OpenRedis fresh, byte @Nullable [] key, int epochBefore) {
		this.changing.lock();
		try {
			OpenRedis former = this.open;
			if (this.epoch.get() != epochBefore
					|| (former != null && (key == null || former.isUsableFor(key)) && !former.isDemoted())) {
				return false;
			}
			this.open = fresh;
			this.awaySince = 0;
			this.lastFailure = null;
			if (former != null) {
				logger.info("Another connection to Redis takes the place of one without an answer");
				former.closeLater(2 * this.patience);
			}
			return true;
		}
		finally {
			this.changing.unlock();
		}
	}

	/** Gives the connection back; the next call opens another one. */
	void release() {
		OpenRedis current;
		this.changing.lock();
		try {
			current = this.open;
			this.epoch.incrementAndGet();
			this.open = null;
			this.awaySince = 0;
			this.lastAttempt.set(System.nanoTime() - PAUSE);
		}
		finally {
			this.changing.unlock();
		}
		if (current != null) {
			current.close();
		}
	}

}
