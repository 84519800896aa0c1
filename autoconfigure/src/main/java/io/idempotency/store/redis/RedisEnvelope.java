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
 *  1   1  state: 0 pending, 1 completed, 2 completed and not kept
 *  2   8  owner token
 * 10  16  fingerprint
 * 26   4  seconds since 1970 when the value was written, by the writer's clock; for
 *         people who look at it, never compared
 * 30   -  payload of a completed result
 * </pre>
 *
 * The first ten bytes of a pending value are the owner's proof: the scripts compare them.
 */
final class RedisEnvelope {

	static final byte VERSION = 1;

	static final int OWNERSHIP_LENGTH = 10;

	static final int HEADER_LENGTH = 30;

	private static final byte PENDING = 0;

	private static final byte COMPLETED = 1;

	private static final byte NOT_KEPT = 2;

	private static final int OWNER_OFFSET = 2;

	private static final int FINGERPRINT_OFFSET = 10;

	private RedisEnvelope() {
	}

	static byte[] pending(Claim claim, long now) {
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
		return ByteBuffer.allocate(OWNERSHIP_LENGTH).put(VERSION).put(PENDING).putLong(claim.owner().value()).array();
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

	/** What the owner of the given token learns from a value. */
	static ClaimOutcome read(byte[] value, OwnerToken reader) {
		if (value.length < HEADER_LENGTH || value[0] != VERSION) {
			throw new UnreadableRecordException("A record in Redis has a format that this version does not know");
		}
		ByteBuffer buffer = ByteBuffer.wrap(value);
		Fingerprint fingerprint = new Fingerprint(buffer.getLong(FINGERPRINT_OFFSET),
				buffer.getLong(FINGERPRINT_OFFSET + Long.BYTES));
		return switch (value[1]) {
			case PENDING -> (buffer.getLong(OWNER_OFFSET) == reader.value()) ? ClaimOutcome.Acquired.INSTANCE
					: new ClaimOutcome.Pending(fingerprint);
			case COMPLETED -> {
				byte[] payload = new byte[value.length - HEADER_LENGTH];
				System.arraycopy(value, HEADER_LENGTH, payload, 0, payload.length);
				yield new ClaimOutcome.Completed(fingerprint, StoredResult.of(payload));
			}
			case NOT_KEPT -> new ClaimOutcome.Completed(fingerprint, StoredResult.notKept());
			default ->
				throw new UnreadableRecordException("A record in Redis has a state that this version does not know");
		};
	}

}
