package io.idempotency.store;

import io.idempotency.Fingerprint;
import io.idempotency.StoredResult;

/** What a store found when a claim was asked for. */
public sealed interface ClaimOutcome {

	/** The claim is the caller's: it runs the method and completes or releases. */
	record Acquired() implements ClaimOutcome {

		/** The only instance that is needed. */
		public static final Acquired INSTANCE = new Acquired();

	}

	/**
	 * Another owner runs the method.
	 *
	 * @param fingerprint what that owner's call asks for
	 */
	record Pending(Fingerprint fingerprint) implements ClaimOutcome {
	}

	/**
	 * The method ran before.
	 *
	 * @param fingerprint what the call asked for that ran
	 * @param result its result
	 */
	record Completed(Fingerprint fingerprint, StoredResult result) implements ClaimOutcome {
	}

}
