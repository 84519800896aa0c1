package io.idempotency.torture;

import java.util.List;
import java.util.Optional;

/** Makes something go wrong, for a while. */
@FunctionalInterface
interface Strike {

	/** What this machine lacks for it. */
	default Optional<String> missing() {
		return Optional.empty();
	}

	/**
	 * Starts what else there has to be.
	 * @return the properties by which applications find it
	 */
	default List<String> furnish() {
		return List.of();
	}

	/** Makes ready, when the applications run and before there is any load. */
	default void prepare(World world) {
	}

	/** Breaks it, and sees to it that all works again. Called again and again. */
	void hit(World world);

	/** Puts everything back, when there is no load any more. */
	default void cleanUp(World world) {
	}

}
