package io.idempotency.store;

import java.util.Base64;

import io.idempotency.DigestBuilder;
import io.idempotency.Fingerprint;

import org.springframework.util.Assert;

/**
 * The identity of a record. The digest alone is unique: it covers operation, scope and
 * caller's key. The operation stands beside it so that a person who looks into a store
 * finds something to read.
 *
 * @param operation the name of the operation, free text without anything of a caller
 * @param digest {@value #DIGEST_LENGTH} characters of {@code A-Z a-z 0-9 - _}, to be
 * compared with regard to case
 */
public record RecordKey(String operation, String digest) {

	/** Number of characters in every digest. */
	public static final int DIGEST_LENGTH = 22;

	private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

	public RecordKey {
		Assert.isTrue(digest.length() == DIGEST_LENGTH, "A record key needs a digest of 22 characters");
	}

	/** That of the digest, which tells records apart. */
	@Override
	public int hashCode() {
		return this.digest.hashCode();
	}

	/**
	 * The identity of a call's record: no key can be read from it.
	 * @param operation the name of the operation
	 * @param scope who calls
	 * @param key the caller's key
	 */
	public static RecordKey of(String operation, String scope, String key) {
		Fingerprint identity = new DigestBuilder().text(operation).text(scope).text(key).build();
		return new RecordKey(operation, ENCODER.encodeToString(identity.toBytes()));
	}

}
