package io.idempotency.web;

import org.jspecify.annotations.Nullable;

/**
 * The names of a text that were read so far, by a parser that makes equal ones one
 * object. For one text and one thread.
 */
final class FewNames {

	/** In bytes; the parser may let names of twice this length pass. */
	static final int LONGEST = 256;

	private static final int MOST = 256;

	private static final int PLACES = 4 * MOST;

	private final @Nullable String[] names = new String[PLACES];

	private int count;

	/**
	 * Adds a name.
	 * @return {@code false} if this is one name too many
	 */
	@SuppressWarnings("ReferenceEquality")
	boolean add(String name) {
		int place = name.hashCode() & (PLACES - 1);
		for (String known = this.names[place]; known != null; known = this.names[place]) {
			if (known == name) {
				return true;
			}
			place = (place + 1) & (PLACES - 1);
		}
		this.names[place] = name;
		this.count++;
		return this.count <= MOST;
	}

}
