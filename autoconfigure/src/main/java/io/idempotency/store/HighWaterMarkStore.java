package io.idempotency.store;

import java.util.OptionalLong;

import org.springframework.util.Assert;

/**
 * Keeps one number per stream, its high-water mark: the highest position that was done. A
 * store may implement it beside {@link IdempotencyStore}; then operations with
 * {@link io.idempotency.IdempotentStream} may name it. Called by the engine only.
 *
 * <h2>Atomicity</h2> {@link #advance} compares and writes in one step: of all callers
 * that expect the same mark one succeeds, and the others learn that they did not and
 * change nothing.
 *
 * <h2>Forward</h2> A mark is never lowered. {@link #advance} is called with a position
 * above the mark that it expects, and fails where that is not so.
 *
 * <h2>Freshness</h2> {@link #read} sees every advance that has succeeded before: it never
 * asks a replica or a cache. A mark that is older than the truth runs positions again.
 *
 * <h2>Expiry</h2> There is none, and nothing else makes room by dropping marks: a stream
 * whose mark is gone begins anew, and everything that is delivered again is done again. A
 * full store fails.
 *
 * <h2>Bytes</h2> Positions are all values of a {@code long}, compared as such and never
 * rounded; {@link Long#MIN_VALUE} is a mark like any other and not an absent one. Streams
 * are told apart by the {@link StreamKey#digest() digest}, with regard to case. A mark
 * and a record of the same digest do not meet.
 *
 * <h2>Failure</h2> A store that cannot make a step, or does not know whether it did,
 * throws an {@link IdempotencyStoreException}, within its time budget and never an
 * exception of its driver. A mark of a format that it does not know is an
 * {@link UnreadableRecordException}, and neither absent nor overwritten.
 *
 * <h2>Threads</h2> As {@link IdempotencyStore}.
 *
 * <h2>Proof</h2> A subclass of {@code HighWaterMarkStoreContract} passes.
 */
public interface HighWaterMarkStore {

	/**
	 * The mark of a stream.
	 * @param stream whose
	 * @return nothing if no position was done yet
	 * @throws IdempotencyStoreException if the store cannot tell
	 */
	OptionalLong read(StreamKey stream);

	/**
	 * Advances the mark of a stream if it is what the caller has read.
	 * @param stream whose
	 * @param expected what was read, nothing included
	 * @param position the new mark, above what is expected
	 * @return {@code false} if the mark is another one; nothing changed
	 * @throws IllegalArgumentException if the position is not above what is expected
	 * @throws IdempotencyStoreException if the store cannot tell; the mark may have been
	 * advanced nevertheless
	 */
	boolean advance(StreamKey stream, OptionalLong expected, long position);

	/**
	 * Fails where {@link #advance} has to.
	 * @throws IllegalArgumentException if the position is not above what is expected
	 */
	static void requireForward(OptionalLong expected, long position) {
		Assert.isTrue(expected.isEmpty() || expected.getAsLong() < position, "A mark only advances");
	}

}
