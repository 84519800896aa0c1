package io.idempotency.engine;

import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * What a {@link LeaseKeeper} looks after. Most of it comes and goes within one call, so
 * what comes from one thread is kept apart from that of most others: with a single set
 * the processors would take its memory from each other all the time. For all threads.
 */
final class Charges {

	/** A power of two. */
	private static final int SETS = 32;

	private final List<Set<Tended>> sets = Stream.<Set<Tended>>generate(ConcurrentHashMap::newKeySet)
		.limit(SETS)
		.toList();

	void add(Tended charge) {
		of(charge).add(charge);
	}

	void remove(Tended charge) {
		of(charge).remove(charge);
	}

	private Set<Tended> of(Tended charge) {
		return this.sets.get((int) charge.origin() & (SETS - 1));
	}

	/** How many there are. */
	int size() {
		int size = 0;
		for (Set<Tended> set : this.sets) {
			size += set.size();
		}
		return size;
	}

	/** Those that are there, and perhaps what comes meanwhile. */
	Stream<Tended> stream() {
		return this.sets.stream().flatMap(Set::stream);
	}

}
