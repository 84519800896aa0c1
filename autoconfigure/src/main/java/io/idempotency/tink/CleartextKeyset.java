package io.idempotency.tink;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;

/** A keyset in Tink's JSON format that is protected by who may read it. */
final class CleartextKeyset {

	private CleartextKeyset() {
	}

	/**
	 * Reads the keys and tries them.
	 * @throws GeneralSecurityException if they cannot be used; says nothing of their
	 * content
	 */
	static Aead parse(byte[] json) throws GeneralSecurityException {
		AeadConfig.register();
		try {
			Aead aead = TinkJsonProtoKeysetFormat
				.parseKeyset(new String(json, StandardCharsets.UTF_8), InsecureSecretKeyAccess.get())
				.getPrimitive(RegistryConfiguration.get(), Aead.class);
			byte[] nothing = new byte[0];
			aead.decrypt(aead.encrypt(nothing, nothing), nothing);
			return aead;
		}
		catch (RuntimeException ex) {
			// for a value that is not Base64, say
			throw new GeneralSecurityException(ex.getMessage(), ex);
		}
	}

}
