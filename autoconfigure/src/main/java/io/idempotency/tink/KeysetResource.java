package io.idempotency.tink;

import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

import com.google.crypto.tink.Aead;
import io.idempotency.DigestBuilder;
import io.idempotency.Fingerprint;
import io.idempotency.InvalidIdempotencyConfigurationException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.io.Resource;

/**
 * A keyset that is looked at again from time to time if it is a file, so that keys are
 * rotated without a restart. Its content and not its time of change says whether it
 * changed: a mounted secret is a link that is turned to another file.
 */
final class KeysetResource implements TinkPayloadCipher.Keys {

	private static final Log logger = LogFactory.getLog(KeysetResource.class);

	private static final long INTERVAL = TimeUnit.SECONDS.toNanos(10);

	/** Bounds how often records that cannot be decrypted lead to the file. */
	private static final long SHORTEST_INTERVAL = TimeUnit.SECONDS.toNanos(1);

	private final Resource resource;

	private final LongSupplier clock;

	private final boolean mayChange;

	private final ReentrantLock lock = new ReentrantLock();

	private volatile Aead aead;

	private volatile long lookedAt;

	private @Nullable Fingerprint seen;

	/**
	 * @param resource where the keyset is
	 * @param clock in nanoseconds, from any origin
	 */
	KeysetResource(Resource resource, LongSupplier clock) {
		this.resource = resource;
		this.clock = clock;
		this.mayChange = resource.isFile();
		this.lookedAt = clock.getAsLong();
		try {
			byte[] content = resource.getContentAsByteArray();
			this.seen = fingerprint(content);
			this.aead = CleartextKeyset.parse(content);
		}
		catch (IOException ex) {
			throw new InvalidIdempotencyConfigurationException(
					"The keyset " + resource.getDescription() + " cannot be read: " + ex.getMessage() + ".",
					"Set idempotency.encryption.keyset to the location of a file that the application may read, as in"
							+ " file:/run/secrets/keyset.json.",
					ex);
		}
		catch (GeneralSecurityException ex) {
			throw new InvalidIdempotencyConfigurationException(
					"The keyset " + resource.getDescription() + " cannot be used: " + ex.getMessage() + ".",
					"Use a keyset of Tink in JSON and clear text whose keys are of the kind AEAD, as from"
							+ " 'tinkey create-keyset --key-template AES256_GCM --out-format json'.",
					ex);
		}
	}

	@Override
	public Aead current() {
		// while one thread looks, the others go on with what they have
		if (isOlderThan(INTERVAL) && this.lock.tryLock()) {
			lookAndUnlock(INTERVAL);
		}
		return this.aead;
	}

	@Override
	public Aead latest() {
		if (isOlderThan(SHORTEST_INTERVAL)) {
			this.lock.lock();
			lookAndUnlock(SHORTEST_INTERVAL);
		}
		return this.aead;
	}

	private boolean isOlderThan(long age) {
		return this.mayChange && this.clock.getAsLong() - this.lookedAt >= age;
	}

	private void lookAndUnlock(long age) {
		try {
			if (isOlderThan(age)) {
				look();
				this.lookedAt = this.clock.getAsLong();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void look() {
		Fingerprint before = this.seen;
		try {
			byte[] content = this.resource.getContentAsByteArray();
			this.seen = fingerprint(content);
			if (!this.seen.equals(before)) {
				this.aead = CleartextKeyset.parse(content);
				logger.info("The keyset " + this.resource.getDescription() + " has changed and was read again");
			}
		}
		catch (IOException | RuntimeException ex) {
			this.seen = null;
			if (before != null) {
				keepFormer(ex);
			}
		}
		catch (GeneralSecurityException ex) {
			keepFormer(ex);
		}
	}

	private void keepFormer(Exception reason) {
		logger.error("The keyset " + this.resource.getDescription() + " has changed and cannot be used: "
				+ reason.getMessage() + ". The keys that were read before stay in use");
	}

	private static Fingerprint fingerprint(byte[] content) {
		return new DigestBuilder().bytes(content, content.length).build();
	}

}
