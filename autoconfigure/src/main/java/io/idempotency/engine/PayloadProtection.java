package io.idempotency.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.DataFormatException;

import io.idempotency.Fingerprint;
import io.idempotency.PayloadCipher;
import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.RecordKey;
import io.idempotency.store.UnreadableRecordException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of a payload on its way into a store: packed, then encrypted where there
 * is a cipher. Never the other way round, as ciphertext does not get smaller. The first
 * byte of an encrypted payload is FD; the others are as {@link PayloadPacking} makes
 * them, which of an encrypted one is inside, where nobody can change it.
 * <p>
 * Whatever goes wrong here is a failure of the store, an {@link Error} of a cipher
 * included: the caller of a method that took effect gets its answer, and a record that is
 * there never passes for one that is not.
 */
public final class PayloadProtection {

	private static final Log logger = LogFactory.getLog(PayloadProtection.class);

	private static final byte ENCRYPTED = (byte) 0xFD;

	/**
	 * Starts the associated data, so that a key that is used for something else as well
	 * makes nothing that passes for a record.
	 */
	private static final byte[] LABEL = "io.idempotency:1:".getBytes(StandardCharsets.US_ASCII);

	private final PayloadPacking packing;

	private final @Nullable PayloadCipher cipher;

	private final boolean acceptsUnencrypted;

	/**
	 * @param compressionThreshold payloads of more bytes are compressed
	 * @param cipher encrypts, if there is one
	 * @param acceptsUnencrypted whether payloads that are not encrypted are read all the
	 * same where there is a cipher
	 */
	public PayloadProtection(int compressionThreshold, @Nullable PayloadCipher cipher, boolean acceptsUnencrypted) {
		this.packing = new PayloadPacking(compressionThreshold);
		this.cipher = cipher;
		this.acceptsUnencrypted = acceptsUnencrypted || cipher == null;
	}

	/**
	 * The result to store.
	 * @throws IdempotencyStoreException if it cannot be encrypted now
	 */
	StoredResult protect(Claim claim, StoredResult result) {
		if (!result.isKept()) {
			return result;
		}
		byte[] payload = protect(result.payload(), claim.key(), claim.fingerprint());
		return (payload == result.payload()) ? result : StoredResult.of(payload);
	}

	/**
	 * What a store found, with the payload that was stored.
	 * @throws UnreadableRecordException if the bytes are not what was stored
	 */
	ClaimOutcome restored(Claim claim, ClaimOutcome outcome) {
		if (!(outcome instanceof ClaimOutcome.Completed stored) || !stored.result().isKept()) {
			return outcome;
		}
		try {
			// the fingerprint is that of the record: whether it is the caller's is asked
			// later, when it is known to be genuine
			byte[] kept = stored.result().payload();
			byte[] payload = restore(kept, claim.key(), stored.fingerprint());
			return (payload == kept) ? stored
					: new ClaimOutcome.Completed(stored.fingerprint(), StoredResult.of(payload));
		}
		catch (UnreadableRecordException ex) {
			// its caller learns only that the store is not available, and nobody else
			// would learn that somebody may have tampered with it
			logger.error(ex.getMessage() + ". A call of " + claim.key().operation() + " was refused. Record "
					+ claim.key().digest());
			logger.debug("Why it cannot be read", ex);
			throw ex;
		}
	}

	/**
	 * The bytes to store.
	 * @throws IdempotencyStoreException if they cannot be encrypted now
	 */
	byte[] protect(byte[] payload, RecordKey key, Fingerprint fingerprint) {
		try {
			byte[] packed = this.packing.pack(payload);
			if (this.cipher == null) {
				return packed;
			}
			byte[] ciphertext = this.cipher.encrypt(packed, associatedData(key, fingerprint));
			return PayloadPacking.marked(ENCRYPTED, ciphertext);
		}
		catch (GeneralSecurityException | RuntimeException | Error ex) {
			throw new IdempotencyStoreException("A result could not be encrypted", ex);
		}
	}

	/**
	 * The payload that was stored.
	 * @throws UnreadableRecordException if the bytes are not what was stored for this key
	 * and fingerprint, or are not accepted
	 */
	byte[] restore(byte[] stored, RecordKey key, Fingerprint fingerprint) {
		boolean encrypted = stored.length > 0 && stored[0] == ENCRYPTED;
		if (!encrypted && !this.acceptsUnencrypted) {
			// whoever can write to the store could have put it there
			throw new UnreadableRecordException(
					"A stored result is not encrypted, and only encrypted ones are accepted");
		}
		byte[] packed = encrypted ? decrypt(stored, key, fingerprint) : stored;
		try {
			return this.packing.unpack(packed);
		}
		catch (DataFormatException | RuntimeException | Error ex) {
			throw new UnreadableRecordException("A stored result is damaged or of a format that is not known here", ex);
		}
	}

	private byte[] decrypt(byte[] stored, RecordKey key, Fingerprint fingerprint) {
		if (this.cipher == null) {
			throw new UnreadableRecordException("A stored result is encrypted, and there is no key");
		}
		try {
			byte[] ciphertext = Arrays.copyOfRange(stored, 1, stored.length);
			return Objects.requireNonNull(this.cipher.decrypt(ciphertext, associatedData(key, fingerprint)));
		}
		catch (GeneralSecurityException | RuntimeException | Error ex) {
			throw new UnreadableRecordException(
					"A stored result cannot be decrypted: it was changed, belongs to another record, or its key is missing",
					ex);
		}
	}

	/** All but the last part have a fixed length, so no two records look alike. */
	private static byte[] associatedData(RecordKey key, Fingerprint fingerprint) {
		byte[] digest = key.digest().getBytes(StandardCharsets.US_ASCII);
		byte[] operation = key.operation().getBytes(StandardCharsets.UTF_8);
		return ByteBuffer.allocate(LABEL.length + digest.length + Fingerprint.LENGTH + operation.length)
			.put(LABEL)
			.put(digest)
			.putLong(fingerprint.high())
			.putLong(fingerprint.low())
			.put(operation)
			.array();
	}

}
