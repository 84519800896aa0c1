package io.idempotency.store;

import java.util.List;
import java.util.Map;

/**
 * How a store is, for people.
 *
 * @param facts what is worth knowing, as a version, by names in the form of
 * {@code maxmemory-policy}
 * @param concerns what may lose records, a sentence each
 */
public record StoreReport(Map<String, String> facts, List<String> concerns) {

	/** Of a store that answers and does not let itself be asked. */
	public static final StoreReport NOTHING = new StoreReport(Map.of(), List.of());

	public StoreReport {
		facts = Map.copyOf(facts);
		concerns = List.copyOf(concerns);
	}

}
