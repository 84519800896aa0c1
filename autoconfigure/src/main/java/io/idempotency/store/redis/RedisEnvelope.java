package io.idempotency.store.redis;

import java.nio.ByteBuffer;

import io.idempotency.Fingerprint;
import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.OwnerToken;
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

	private RedisEnvelope() {
	}

	static byte[] pending(Claim claim, long now) {
		if (claim.isHeld()) {
			return header(claim, HELD, now, Long.BYTES).putLong(claim.hold().toMillis()).array();
		}
		return header(claim, PENDING, now, 0).array();
	}

	static byte[] completed(Claim claim, StoredResult result, long now) {
		if (!result.isKept()) {
			return header(claim, NOT_KEPT, now, 0).array();
		}
		byte[] payload = result.payload();
		return header(claim, COMPLETED, now, payload.length).put(payload).array();
	}

	/** What a pending value of this claim starts with. */
	static byte[] ownership(Claim claim) {
		return ByteBuffer.allocate(OWNERSHIP_LENGTH)
			.put(VERSION)
			.put(claim.isHeld() ? HELD : PENDING)
			.putLong(claim.owner().value())
			.array();
	}

	private static ByteBuffer header(Claim claim, byte state, long now, int payloadLength) {
		return ByteBuffer.allocate(HEADER_LENGTH + payloadLength)
			.put(VERSION)
			.put(state)
			.putLong(claim.owner().value())
			.putLong(claim.fingerprint().high())
			.putLong(claim.fingerprint().low())
			.putInt((int) (now / 1000));
	}

	private static ClaimOutcome pending(ByteBuffer value, OwnerToken reader, Fingerprint fingerprint) {
		return (value.getLong(OWNER_OFFSET) == reader.value()) ? ClaimOutcome.Acquired.INSTANCE
				: new ClaimOutcome.Pending(fingerprint);
	}

	/** Whether a value that was read as pending has to be judged by its time to live. */
	static boolean isHeld(byte[] value) {
		return value[1] == HELD;
	}

	/** The milliseconds for which a held value outlives its lease. */
	static long hold(byte[] value) {
		return ByteBuffer.wrap(value).getLong(HEADER_LENGTH);
	}

	/** What the owner of the given token learns from a value. */
	static ClaimOutcome read(byte[] value, OwnerToken reader) {
		if (value.length < HEADER_LENGTH || value[0] != VERSION) {
			throw new UnreadableRecordException("A record in Redis has a format that this version does not know");
		}
		ByteBuffer buffer = ByteBuffer.wrap(value);
		Fingerprint fingerprint = new Fingerprint(buffer.getLong(FINGERPRINT_OFFSET),
				buffer.getLong(FINGERPRINT_OFFSET + Long.BYTES));
		return switch (value[1]) {
			case HELD -> {
				if (value.length != HEADER_LENGTH + Long.BYTES) {
					throw new UnreadableRecordException("A held record in Redis does not say for how long");
				}
				yield pending(buffer, reader, fingerprint);
			}
			case PENDING -> pending(buffer, reader, fingerprint);
			case COMPLETED -> {
				byte[] payload = new byte[value.length - HEADER_LENGTH];
				System.arraycopy(value, HEADER_LENGTH, payload, 0, payload.length);
				yield new ClaimOutcome.Completed(fingerprint, StoredResult.of(payload));
			}
			case ABANDONED -> new ClaimOutcome.Unknown(fingerprint);
			case NOT_KEPT -> new ClaimOutcome.Completed(fingerprint, StoredResult.notKept());
			default ->
				throw new UnreadableRecordException("A record in Redis has a state that this version does not know");
		};
	}

}
