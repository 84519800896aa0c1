package io.idempotency.engine;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.idempotency.store.FencingNumberSource;
import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.RecordWatcher;
import io.idempotency.store.TransactionalIdempotencyStore;

/**
 * The stores that operations may name. No name is of two kinds.
 *
 * @param leased those that keep a claim for the time of a lease
 * @param watchers those of them that can tell when a record changes, by the same names
 * @param transactional those that keep claims in the transactions of methods
 * @param fencing those of all of them that number their owners, by the same names
 */
public record Stores(Map<String, IdempotencyStore> leased, Map<String, RecordWatcher> watchers,
		Map<String, TransactionalIdempotencyStore> transactional, Map<String, FencingNumberSource> fencing) {

	public Stores {
		leased = Map.copyOf(leased);
		watchers = Map.copyOf(watchers);
		transactional = Map.copyOf(transactional);
		fencing = Map.copyOf(fencing);
	}

	/** Stores that keep claims for the time of a lease, and tell nothing. */
	public static Stores of(Map<String, ? extends IdempotencyStore> leased) {
		return new Stores(Map.copyOf(leased), Map.of(), Map.of(), Map.of());
	}

	/** All names. */
	Set<String> names() {
		Set<String> names = new TreeSet<>(this.leased.keySet());
		names.addAll(this.transactional.keySet());
		return names;
	}

}
