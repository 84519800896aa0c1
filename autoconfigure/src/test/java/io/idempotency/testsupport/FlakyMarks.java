package io.idempotency.testsupport;

import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;

import io.idempotency.store.HighWaterMarkStore;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.StreamKey;
import io.idempotency.store.memory.InMemoryIdempotencyStore;

/** Real marks that fail when a test says so, before or after the work was done. */
public final class FlakyMarks implements HighWaterMarkStore {

	private final InMemoryIdempotencyStore store = new InMemoryIdempotencyStore(64 * 1024 * 1024);

	public final AtomicInteger reads = new AtomicInteger();

	public final AtomicInteger advances = new AtomicInteger();

	public volatile boolean readFails;

	public volatile boolean advanceFails;

	/** The mark is advanced, but the reply is lost. */
	public volatile boolean advanceReplyIsLost;

	@Override
	public OptionalLong read(StreamKey stream) {
		this.reads.incrementAndGet();
		failIf(this.readFails);
		return this.store.read(stream);
	}

	@Override
	public boolean advance(StreamKey stream, OptionalLong expected, long position) {
		this.advances.incrementAndGet();
		failIf(this.advanceFails);
		boolean advanced = this.store.advance(stream, expected, position);
		failIf(this.advanceReplyIsLost);
		return advanced;
	}

	private static void failIf(boolean condition) {
		if (condition) {
			throw new IdempotencyStoreException("made to fail", null);
		}
	}

}
