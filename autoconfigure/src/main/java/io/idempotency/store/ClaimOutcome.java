package io.idempotency.store;

import io.idempotency.Fingerprint;
import io.idempotency.StoredResult;
import org.jspecify.annotations.Nullable;

/** What a store found when a claim was asked for. */
public sealed interface ClaimOutcome {

	/**
	 * What the call asks for that has the record; none if that is the caller's own, or if
	 * it cannot be seen.
	 */
	@Nullable Fingerprint fingerprint();

	/** The claim is the caller's: it runs the method and completes or releases. */
	record Acquired() implements ClaimOutcome {

		/** The only instance that is needed. */
		public static final Acquired INSTANCE = new Acquired();

		@Override
		public @Nullable Fingerprint fingerprint() {
			return null;
		}

	}

	/**
	 * Another owner runs the method.
	 *
	 * @param fingerprint what that owner's call asks for
	 */
	record Pending(Fingerprint fingerprint) implements ClaimOutcome {
	}

	/**
	 * Another transaction has claimed the record and has not ended, so nothing can be
	 * seen of it. Only a {@link TransactionalIdempotencyStore} answers that.
	 */
	record Uncommitted() implements ClaimOutcome {

		/** The only instance that is needed. */
		public static final Uncommitted INSTANCE = new Uncommitted();

		@Override
		public @Nullable Fingerprint fingerprint() {
			return null;
		}

	}

	/**
	 * An owner that claimed with a {@link Claim#hold() hold} abandoned the record, or let
	 * its lease end.
	 *
	 * @param fingerprint what that owner's call asked for
	 */
	record Unknown(Fingerprint fingerprint) implements ClaimOutcome {
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
