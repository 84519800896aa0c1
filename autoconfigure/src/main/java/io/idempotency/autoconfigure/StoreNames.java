package io.idempotency.autoconfigure;

import java.util.LinkedHashMap;
import java.util.Map;

/** What stores are called: as their beans, less a common ending. */
final class StoreNames {

	private static final String SUFFIX = "IdempotencyStore";

	private StoreNames() {
	}

	/** Stores by their names. */
	static <T> Map<String, T> of(Map<String, T> beans) {
		Map<String, T> stores = new LinkedHashMap<>();
		beans.forEach((name, store) -> stores.put(nameOf(name), store));
		return stores;
	}

	/** Those among them that can do something besides, by their names. */
	static <T> Map<String, T> of(Map<String, ?> beans, Class<T> ability) {
		Map<String, T> stores = new LinkedHashMap<>();
		beans.forEach((name, store) -> {
			if (ability.isInstance(store)) {
				stores.put(nameOf(name), ability.cast(store));
			}
		});
		return stores;
	}

	private static String nameOf(String bean) {
		return (bean.endsWith(SUFFIX) && bean.length() > SUFFIX.length())
				? bean.substring(0, bean.length() - SUFFIX.length()) : bean;
	}

}
