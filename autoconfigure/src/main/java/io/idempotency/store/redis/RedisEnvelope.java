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
 * The bytes of a value. All numbers are big-endian:
 *
 * <pre>
 *  0   1  format version, 1
 *  1   1  state: 0 pending, 1 completed, 2 completed and not kept, 3 abandoned,
 *         4 pending and held
 *  2   8  owner token
 * 10  16  fingerprint
 * 26   4  seconds since 1970 when the value was written, by the writer's clock; for
 *         people who look at it, never compared
 * 30   -  payload of a completed result; of a held one the milliseconds of its hold (8)
 * </pre>
 *
 * The first ten bytes of a pending value are the owner's proof: the scripts compare them.
 * A held value lives for its lease and its hold, so it is of unknown outcome once no more
 * than the hold is left: the server's clock alone says so.
 */
final class RedisEnvelope {

	static final byte VERSION = 1;

	static final int OWNERSHIP_LENGTH = 10;

	static final int HEADER_LENGTH = 30;

	private static final byte PENDING = 0;

	private static final byte COMPLETED = 1;

	private static final byte NOT_KEPT = 2;

	private static final byte ABANDONED = 3;

	private static final byte HELD = 4;

	private static final int OWNER_OFFSET = 2;

	private static final int FINGERPRINT_OFFSET = 10;

	private static final int WRITTEN_OFFSET = 26;

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

	private static final VarHandle INTS = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

	private RedisEnvelope() {
	}

	static byte[] pending(Claim claim, long now) {
		if (!claim.isHeld()) {
			return value(claim, PENDING, now, 0);
		}
		byte[] value = value(claim, HELD, now, Long.BYTES);
		LONGS.set(value, HEADER_LENGTH, claim.hold().toMillis());
		return value;
	}

	static byte[] completed(Claim claim, StoredResult result, long now) {
		if (!result.isKept()) {
			return value(claim, NOT_KEPT, now, 0);
		}
		byte[] payload = result.payload();
		byte[] value = value(claim, COMPLETED, now, payload.length);
		System.arraycopy(payload, 0, value, HEADER_LENGTH, payload.length);
		return value;
	}

	/** What a pending value of this claim starts with. */
	static byte[] ownership(Claim claim) {
		byte[] start = new byte[OWNERSHIP_LENGTH];
		own(start, claim, claim.isHeld() ? HELD : PENDING);
		return start;
	}

	/** A value that has only its payload to be filled in. */
	private static byte[] value(Claim claim, byte state, long now, int payloadLength) {
		byte[] value = new byte[HEADER_LENGTH + payloadLength];
		own(value, claim, state);
		LONGS.set(value, FINGERPRINT_OFFSET, claim.fingerprint().high());
		LONGS.set(value, FINGERPRINT_OFFSET + Long.BYTES, claim.fingerprint().low());
		INTS.set(value, WRITTEN_OFFSET, (int) (now / 1000));
		return value;
	}

	private static void own(byte[] value, Claim claim, byte state) {
		value[0] = VERSION;
		value[1] = state;
		LONGS.set(value, OWNER_OFFSET, claim.owner().value());
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
		return value.length >= HEADER_LENGTH && (value[1] == PENDING || value[1] == HELD);
	}

	/** Whether a value that was read as pending has to be judged by its time to live. */
	static boolean isHeld(byte[] value) {
		return value[1] == HELD;
	}

	/** The milliseconds for which a held value outlives its lease. */
	static long hold(byte[] value) {
		return number(value, HEADER_LENGTH);
	}

	/** Seconds since 1970, by the writer's clock. */
	static long writtenAt(byte[] value) {
		return Integer.toUnsignedLong((int) INTS.get(value, WRITTEN_OFFSET));
	}

	static Fingerprint fingerprint(byte[] value) {
		return new Fingerprint(number(value, FINGERPRINT_OFFSET), number(value, FINGERPRINT_OFFSET + Long.BYTES));
	}

	/** How many bytes a result takes; none if there is no result. */
	static int payloadLength(byte[] value) {
		return (value[1] == COMPLETED) ? value.length - HEADER_LENGTH : 0;
	}

	/**
	 * What a value is, for people.
	 * @param life how many milliseconds are left of it
	 */
	static RecordState state(byte[] value, long life) {
		return switch (value[1]) {
			case COMPLETED -> RecordState.COMPLETED;
			case NOT_KEPT -> RecordState.NOT_KEPT;
			case ABANDONED -> RecordState.UNKNOWN;
			case HELD -> (life > hold(value)) ? RecordState.IN_PROGRESS : RecordState.UNKNOWN;
			default -> RecordState.IN_PROGRESS;
		};
	}

	/** Refuses what this version cannot read. */
	static void requireKnown(byte[] value) {
		if (value.length < HEADER_LENGTH || value[0] != VERSION) {
			throw new UnreadableRecordException("A record in Redis has a format that this version does not know");
		}
		if (value[1] < PENDING || value[1] > HELD) {
			throw new UnreadableRecordException("A record in Redis has a state that this version does not know");
		}
		if (value[1] == HELD && value.length != HEADER_LENGTH + Long.BYTES) {
			throw new UnreadableRecordException("A held record in Redis does not say for how long");
		}
	}

	/** What the owner of the given token learns from a value. */
	static ClaimOutcome read(byte[] value, OwnerToken reader) {
		requireKnown(value);
		Fingerprint fingerprint = fingerprint(value);
		return switch (value[1]) {
			case PENDING, HELD -> pending(value, reader, fingerprint);
			case COMPLETED -> {
				byte[] payload = Arrays.copyOfRange(value, HEADER_LENGTH, value.length);
				yield new ClaimOutcome.Completed(fingerprint, StoredResult.of(payload));
			}
			case ABANDONED -> new ClaimOutcome.Unknown(fingerprint);
			default -> new ClaimOutcome.Completed(fingerprint, StoredResult.notKept());
		};
	}

}
