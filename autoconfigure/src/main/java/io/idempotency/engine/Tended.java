package io.idempotency.engine;

import java.time.Duration;

/** Something that the {@link LeaseKeeper} looks after between two calls of its owner. */
interface Tended {

	/** How long a claim lasts without being looked after. */
	Duration lease();

	/** The number of the thread that it comes from, always the same. */
	long origin();

	/** What has to be done, if it is time; a quick look that calls no store. */
	Need need(long now);

	/**
	 * Does what has to be done. Calls the store, so it may block for its time budget;
	 * never waits for the owner. Called by one thread at a time.
	 * @return {@code false} if there is nothing more to do, ever
	 */
	boolean tend();

	/** Whether it is known that something would be left undone now. */
	boolean isOwed();

	/**
	 * Why something is looked after; each is done apart, so that none holds up another.
	 */
	enum Need {

		/** Nothing is to be done yet. */
		NOTHING,

		/** A method runs and its lease has to last. */
		RENEWAL,

		/** The same, and the last attempt failed. */
		FAILED_RENEWAL,

		/** A result has to be stored. */
		RESULT,

		/** A key has to be freed. */
		RELEASE

	}

}
