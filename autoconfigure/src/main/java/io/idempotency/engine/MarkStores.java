package io.idempotency.engine;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.idempotency.store.HighWaterMarkStore;
import io.idempotency.store.TransactionalHighWaterMarkStore;

/**
 * The stores that keep marks of streams, by name.
 *
 * @param separate which write a mark when its position is done
 * @param transactional which advance it in the transaction in which the method runs
 */
public record MarkStores(Map<String, HighWaterMarkStore> separate,
		Map<String, TransactionalHighWaterMarkStore> transactional) {

	public MarkStores {
		separate = Map.copyOf(separate);
		transactional = Map.copyOf(transactional);
	}

	/** All names. */
	Set<String> names() {
		Set<String> names = new TreeSet<>(this.separate.keySet());
		names.addAll(this.transactional.keySet());
		return names;
	}

}
