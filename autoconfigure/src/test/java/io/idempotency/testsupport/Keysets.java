package io.idempotency.testsupport;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Collectors;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import com.google.crypto.tink.mac.MacConfig;
import com.google.crypto.tink.mac.PredefinedMacParameters;

/** Keysets of Tink in JSON and clear text. */
public final class Keysets {

	private Keysets() {
	}

	/** Keys of these ids, always the same ones; the first is the primary. */
	public static String of(int... ids) {
		return Arrays.stream(ids)
			.mapToObj(Keysets::key)
			.collect(Collectors.joining(",", "{\"primaryKeyId\":" + ids[0] + ",\"key\":[", "]}"));
	}

	private static String key(int id) {
		// protocol buffer of an AesGcmKey: field 3, 32 bytes
		byte[] value = new byte[34];
		Arrays.fill(value, (byte) id);
		value[0] = 3 << 3 | 2;
		value[1] = 32;
		return "{\"keyData\":{\"typeUrl\":\"type.googleapis.com/google.crypto.tink.AesGcmKey\",\"value\":\""
				+ Base64.getEncoder().encodeToString(value)
				+ "\",\"keyMaterialType\":\"SYMMETRIC\"},\"status\":\"ENABLED\",\"keyId\":" + id
				+ ",\"outputPrefixType\":\"TINK\"}";
	}

	/** A keyset of another kind. */
	public static String mac() throws GeneralSecurityException {
		MacConfig.register();
		return TinkJsonProtoKeysetFormat.serializeKeyset(
				KeysetHandle.generateNew(PredefinedMacParameters.HMAC_SHA256_128BITTAG), InsecureSecretKeyAccess.get());
	}

	/** A keyset that is encrypted itself. */
	public static String encrypted() throws GeneralSecurityException {
		AeadConfig.register();
		KeysetHandle keys = KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM);
		return TinkJsonProtoKeysetFormat.serializeEncryptedKeyset(keys,
				keys.getPrimitive(RegistryConfiguration.get(), Aead.class), new byte[0]);
	}

}
