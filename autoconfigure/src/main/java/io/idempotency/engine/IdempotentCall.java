package io.idempotency.engine;

import java.time.Duration;

import io.idempotency.Fingerprint;
import io.idempotency.IdempotentOperation;
import io.idempotency.Recovery;
import io.idempotency.store.Claim;
import io.idempotency.store.OwnerToken;
import io.idempotency.store.RecordKey;

import org.springframework.util.Assert;

/**
 * One call of an operation, as its door saw it.
 *
 * @param operation what is called
 * @param scope who calls; keys of different scopes never meet
 * @param key the caller's key, not blank
 * @param fingerprint what the call asks for
 */
public record IdempotentCall(IdempotentOperation operation, String scope, String key, Fingerprint fingerprint) {

	public IdempotentCall {
		Assert.hasText(key, "A call needs a key");
	}

	/** The identity of the call's record: a digest, from which no key can be read. */
	RecordKey recordKey() {
		return RecordKey.of(this.operation.name(), this.scope, this.key);
	}

	/** The wish to make this call, each time by another owner. */
	Claim claim() {
		return new Claim(recordKey(), OwnerToken.next(), this.fingerprint, this.operation.lease(),
				(this.operation.recovery() == Recovery.HOLD) ? this.operation.ttl() : Duration.ZERO);
	}

	/** Names the operation only. */
	@Override
	public String toString() {
		return "IdempotentCall[" + this.operation.name() + "]";
	}

}
