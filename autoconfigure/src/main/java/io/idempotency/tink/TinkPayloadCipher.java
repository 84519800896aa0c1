package io.idempotency.tink;

import java.security.GeneralSecurityException;

import com.google.crypto.tink.Aead;
import io.idempotency.InvalidIdempotencyConfigurationException;
import io.idempotency.PayloadCipher;

import org.springframework.core.io.Resource;

/**
 * Encrypts with the primary key of a Tink keyset and decrypts with any of its keys. For
 * all threads.
 */
public final class TinkPayloadCipher implements PayloadCipher {

	private final Keys keys;

	/**
	 * @param aead of a keyset that the application reads itself, one that is encrypted by
	 * a key management service say
	 */
	public TinkPayloadCipher(Aead aead) {
		this(new Keys() {

			@Override
			public Aead current() {
				return aead;
			}

			@Override
			public Aead latest() {
				return aead;
			}

		});
	}

	TinkPayloadCipher(Keys keys) {
		this.keys = keys;
	}

	/**
	 * Reads a keyset, and if it is a file reads it again when it has changed: within ten
	 * seconds, or when a record needs a key that was not there. A changed file that
	 * cannot be used is reported once in the log, and the former keys stay in use.
	 * @param keyset a keyset in Tink's JSON format, in clear text
	 * @throws InvalidIdempotencyConfigurationException if it cannot be read or used
	 */
	public static TinkPayloadCipher ofKeyset(Resource keyset) {
		return new TinkPayloadCipher(new KeysetResource(keyset, System::nanoTime));
	}

	@Override
	public byte[] encrypt(byte[] plaintext, byte[] associatedData) throws GeneralSecurityException {
		return this.keys.current().encrypt(plaintext, associatedData);
	}

	@Override
	public byte[] decrypt(byte[] ciphertext, byte[] associatedData) throws GeneralSecurityException {
		Aead current = this.keys.current();
		try {
			return current.decrypt(ciphertext, associatedData);
		}
		catch (GeneralSecurityException ex) {
			// another instance may use a key already that was added a moment ago
			Aead latest = this.keys.latest();
			if (latest == current) {
				throw ex;
			}
			return latest.decrypt(ciphertext, associatedData);
		}
	}

	/** Where the keys come from. */
	interface Keys {

		/** The keys as they were a short time ago. */
		Aead current();

		/** The keys as they are now, or were a second ago. */
		Aead latest();

	}

}
