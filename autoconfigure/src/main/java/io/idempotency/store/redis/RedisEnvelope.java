package io.idempotency.store.redis;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

import io.idempotency.Fingerprint;
import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.OwnerToken;
import io.idempotency.store.RecordState;
import io.idempotency.store.UnreadableRecordException;

/**
 * The bytes of a value. All numbers are big-endian. It begins with
 *
 * <pre>
 *  0   1  format version, 2, in the high four bits; in the low four the state: 0 pending,
 *         1 completed, 2 completed and not kept, 3 abandoned, 4 pending and held
 * </pre>
 *
 * and goes on, as long as there is no result, with
 *
 * <pre>
 *  1   8  owner token
 *  9  16  fingerprint
 * 25   4  seconds since 1970 when the value was written, by the writer's clock; for
 *         people who look at it, never compared
 * 29   8  of a held value only: the milliseconds of its hold
 * </pre>
 *
 * or, once the call is completed, kept or not, and as short as can be, since that is what
 * waits for a day, with
 *
 * <pre>
 *  1   1  last byte of the owner token
 *  2  16  fingerprint
 * 18   -  payload of the result; nothing if it was not kept
 * </pre>
 *
 * The first nine bytes of a pending value are the owner's proof: the scripts compare
 * them. A held value lives for its lease and its hold, so it is of unknown outcome once
 * no more than the hold is left: the server's clock alone says so.
 * <p>
 * The owner's byte in a completed value is there for an owner that tells its completion
 * again, as the reply was lost. An owner that lost its lease to the same request may have
 * the same byte by chance, 1 in 256: then the lost lease is not counted, and nothing else
 * is different, as what is completed is never written over.
 */
final class RedisEnvelope {

	/** In the place it has in the first byte. */
	static final byte VERSION = 2 << 4;

	static final int OWNERSHIP_LENGTH = 9;

	static final int PENDING_LENGTH = 29;

	static final int COMPLETED_LENGTH = 18;

	private static final byte PENDING = VERSION;

	private static final byte COMPLETED = VERSION | 1;

	private static final byte NOT_KEPT = VERSION | 2;

	private static final byte ABANDONED = VERSION | 3;

	private static final byte HELD = VERSION | 4;

	private static final int OWNER_OFFSET = 1;

	private static final int PENDING_FINGERPRINT_OFFSET = 9;

	private static final int COMPLETED_FINGERPRINT_OFFSET = 2;

	private static final int WRITTEN_OFFSET = 25;

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

	private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

	private RedisEnvelope() {
	}

	static byte[] pending(Claim claim, long now) {
		byte[] value = new byte[claim.isHeld() ? PENDING_LENGTH + Long.BYTES : PENDING_LENGTH];
		own(value, claim);
		mark(value, PENDING_FINGERPRINT_OFFSET, claim.fingerprint());
		INTS.set(value, WRITTEN_OFFSET, (int) (now / 1000));
		if (claim.isHeld()) {
			LONGS.set(value, PENDING_LENGTH, claim.hold().toMillis());
		}
		return value;
	}

	static byte[] completed(Claim claim, StoredResult result) {
		byte[] value = new byte[COMPLETED_LENGTH + result.size()];
		value[0] = result.isKept() ? COMPLETED : NOT_KEPT;
		value[OWNER_OFFSET] = (byte) claim.owner().value();
		mark(value, COMPLETED_FINGERPRINT_OFFSET, claim.fingerprint());
		if (result.isKept()) {
			System.arraycopy(result.payload(), 0, value, COMPLETED_LENGTH, result.size());
		}
		return value;
	}

	/** What a pending value of this claim starts with. */
	static byte[] ownership(Claim claim) {
		byte[] start = new byte[OWNERSHIP_LENGTH];
		own(start, claim);
		return start;
	}

	private static void own(byte[] value, Claim claim) {
		value[0] = claim.isHeld() ? HELD : PENDING;
		LONGS.set(value, OWNER_OFFSET, claim.owner().value());
	}

	private static void mark(byte[] value, int offset, Fingerprint fingerprint) {
		LONGS.set(value, offset, fingerprint.high());
		LONGS.set(value, offset + Long.BYTES, fingerprint.low());
	}

	private static ClaimOutcome pending(byte[] value, OwnerToken reader, Fingerprint fingerprint) {
		return (number(value, OWNER_OFFSET) == reader.value()) ? ClaimOutcome.Acquired.INSTANCE
				: new ClaimOutcome.Pending(fingerprint);
	}

	private static long number(byte[] value, int offset) {
		return (long) LONGS.get(value, offset);
	}

	/** Whether a value is one of a call that runs, as far as it tells by itself. */
	static boolean isPending(byte[] value) {
		return value.length >= PENDING_LENGTH && (value[0] == PENDING || value[0] == HELD);
	}

	/** Whether a value that was read as pending has to be judged by its time to live. */
	static boolean isHeld(byte[] value) {
		return value[0] == HELD;
	}

	/** The milliseconds for which a held value outlives its lease. */
	static long hold(byte[] value) {
		return number(value, PENDING_LENGTH);
	}

	/** Whether the call has ended with a result, kept or not. */
	static boolean isCompleted(byte[] value) {
		return value[0] == COMPLETED || value[0] == NOT_KEPT;
	}

	/**
	 * Seconds since 1970, by the writer's clock, of a value that {@link #isCompleted is
	 * not completed}.
	 */
	static long writtenAt(byte[] value) {
		return Integer.toUnsignedLong((int) INTS.get(value, WRITTEN_OFFSET));
	}

	static Fingerprint fingerprint(byte[] value) {
		int offset = isCompleted(value) ? COMPLETED_FINGERPRINT_OFFSET : PENDING_FINGERPRINT_OFFSET;
		return new Fingerprint(number(value, offset), number(value, offset + Long.BYTES));
	}

	/** How many bytes a result takes; none if there is no result. */
	static int payloadLength(byte[] value) {
		return (value[0] == COMPLETED) ? value.length - COMPLETED_LENGTH : 0;
	}

	/**
	 * What a value is, for people.
	 * @param life how many milliseconds are left of it
	 */
	static RecordState state(byte[] value, long life) {
		return switch (value[0]) {
			case COMPLETED -> RecordState.COMPLETED;
			case NOT_KEPT -> RecordState.NOT_KEPT;
			case ABANDONED -> RecordState.UNKNOWN;
			case HELD -> (life > hold(value)) ? RecordState.IN_PROGRESS : RecordState.UNKNOWN;
			default -> RecordState.IN_PROGRESS;
		};
	}

	/** Refuses what this version cannot read. */
	static void requireKnown(byte[] value) {
		if (value.length == 0 || (value[0] & 0xF0) != VERSION) {
			throw new UnreadableRecordException("A record in Redis has a format that this version does not know");
		}
		if (value[0] > HELD) {
			throw new UnreadableRecordException("A record in Redis has a state that this version does not know");
		}
		if (value.length < (isCompleted(value) ? COMPLETED_LENGTH : PENDING_LENGTH)) {
			throw new UnreadableRecordException("A record in Redis ends early");
		}
		if (value[0] == HELD && value.length != PENDING_LENGTH + Long.BYTES) {
			throw new UnreadableRecordException("A held record in Redis does not say for how long");
		}
	}

	/** What the owner of the given token learns from a value. */
	static ClaimOutcome read(byte[] value, OwnerToken reader) {
		requireKnown(value);
		Fingerprint fingerprint = fingerprint(value);
		return switch (value[0]) {
			case PENDING, HELD -> pending(value, reader, fingerprint);
			case COMPLETED -> {
				byte[] payload = Arrays.copyOfRange(value, COMPLETED_LENGTH, value.length);
				yield new ClaimOutcome.Completed(fingerprint, StoredResult.of(payload));
			}
			case ABANDONED -> new ClaimOutcome.Unknown(fingerprint);
			default -> new ClaimOutcome.Completed(fingerprint, StoredResult.notKept());
		};
	}

}
