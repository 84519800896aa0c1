package io.idempotency.autoconfigure;

import com.google.crypto.tink.Aead;
import io.idempotency.InvalidIdempotencyConfigurationException;
import io.idempotency.PayloadCipher;
import io.idempotency.tink.TinkPayloadCipher;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.io.ApplicationResourceLoader;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;

/** Auto-configuration for stored results that are encrypted by a keyset of Tink. */
@AutoConfiguration(before = IdempotencyAutoConfiguration.class)
@ConditionalOnClass(Aead.class)
@ConditionalOnBooleanProperty(name = "idempotency.enabled", matchIfMissing = true)
@ConditionalOnProperty("idempotency.encryption.keyset")
@EnableConfigurationProperties(IdempotencyProperties.class)
public final class TinkEncryptionAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(PayloadCipher.class)
	TinkPayloadCipher idempotencyPayloadCipher(IdempotencyProperties properties, ResourceLoader resources) {
		String keyset = properties.encryption().keyset();
		if (keyset == null) {
			throw new IllegalStateException("The condition on the property holds, so it has a value");
		}
		return TinkPayloadCipher.ofKeyset(locate(keyset, resources));
	}

	private static Resource locate(String keyset, ResourceLoader resources) {
		try {
			// a bare path is a file, in a web application too
			return ApplicationResourceLoader.get(resources, true).getResource(keyset);
		}
		catch (IllegalArgumentException ex) {
			// it may hold keys, so neither value nor cause is told
			throw new InvalidIdempotencyConfigurationException(
					"The property idempotency.encryption.keyset is no location.",
					"Use one as in file:/run/secrets/keyset.json, or base64: and a keyset in Base64.");
		}
	}

}
