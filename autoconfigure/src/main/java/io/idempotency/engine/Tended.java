package io.idempotency.engine;

import java.time.Duration;

/** Something that the {@link LeaseKeeper} looks after between two calls of its owner. */
interface Tended {

	/** How long a claim lasts without being looked after. */
	Duration lease();

	/**
	 * Looks after it, if it is time. Does not wait for the owner.
	 * @param now the time by {@link System#nanoTime()}
	 * @return what came of it
	 */
	Care tend(long now);

	/** Tries what is still owed to the store, whether it is time or not. */
	Care finish();

	/** What came of looking after something. */
	enum Care {

		/** Nothing had to be done, or it was done. */
		FINE,

		/** The store failed; comes up again later. */
		STORE_FAILED,

		/** There is nothing more to do, ever. */
		OVER

	}

}
