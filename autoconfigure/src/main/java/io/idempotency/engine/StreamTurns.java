package io.idempotency.engine;

import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import io.idempotency.OperationInProgressException;
import io.idempotency.StreamOrderException;
import io.idempotency.store.StreamKey;
import org.jspecify.annotations.Nullable;

/**
 * Sees to it that this process handles one position of a stream at a time. A position
 * that comes again while it is being handled, as after a rebalance, waits for that. Two
 * different ones of which neither is done cannot both be in order: the second is refused.
 * Remembers only what runs.
 */
final class StreamTurns {

	private final ConcurrentMap<StreamKey, Turn> turns = new ConcurrentHashMap<>();

	private final long patience;

	/**
	 * @param patience how many nanoseconds a position waits for itself
	 */
	StreamTurns(long patience) {
		this.patience = patience;
	}

	/**
	 * Takes the stream's turn, which has to be ended.
	 * @param mark tells the stream's mark, where somebody else has the turn
	 * @return {@code null} if the position is known to be done
	 * @throws StreamOrderException if another position is being handled
	 * @throws OperationInProgressException if the same one is, for too long
	 */
	@Nullable Turn take(StreamStep asked, Supplier<OptionalLong> mark) {
		Turn wanted = new Turn(asked.stream(), asked.position());
		long endsAt = System.nanoTime() + this.patience;
		while (true) {
			Turn running = this.turns.putIfAbsent(asked.stream(), wanted);
			if (running == null) {
				return wanted;
			}
			if (running.thread == Thread.currentThread()) {
				throw new StreamOrderException(asked.operation(), asked.position(), running.position);
			}
			OptionalLong done = mark.get();
			if (done.isPresent() && asked.position() <= done.getAsLong()) {
				return null;
			}
			boolean nearlyOver = done.isPresent() && running.position <= done.getAsLong();
			if (running.position != asked.position() && !nearlyOver) {
				requireStill(running, asked);
			}
			else if (!running.isEndedBy(endsAt)) {
				throw new OperationInProgressException(asked.operation());
			}
		}
	}

	/** Between two looks it may have ended, and its mark be written. */
	private void requireStill(Turn running, StreamStep asked) {
		if (this.turns.get(running.stream) == running) {
			throw new StreamOrderException(asked.operation(), asked.position(), running.position);
		}
	}

	/** The right to handle a position of a stream. */
	final class Turn implements AutoCloseable {

		private final StreamKey stream;

		private final long position;

		private final Thread thread = Thread.currentThread();

		private final CountDownLatch ended = new CountDownLatch(1);

		private Turn(StreamKey stream, long position) {
			this.stream = stream;
			this.position = position;
		}

		private boolean isEndedBy(long deadline) {
			try {
				return this.ended.await(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return false;
			}
		}

		@Override
		public void close() {
			StreamTurns.this.turns.remove(this.stream, this);
			this.ended.countDown();
		}

	}

}
