package io.idempotency.web;

import java.util.BitSet;
import java.util.Collection;
import java.util.Locale;

/**
 * Which answers are final. A status that says "not now" or "not you", and every failure
 * of the server, frees the key instead.
 */
public final class StatusPolicy {

	private static final int CLASS_SIZE = 100;

	private final BitSet unstored;

	private StatusPolicy(BitSet unstored) {
		this.unstored = unstored;
	}

	/**
	 * Makes the policy of a list.
	 * @param entries codes as {@code 429} or classes as {@code 5xx}
	 */
	public static StatusPolicy unstored(Collection<String> entries) {
		BitSet unstored = new BitSet();
		for (String entry : entries) {
			if (entry.toLowerCase(Locale.ROOT).endsWith("xx")) {
				int first = Integer.parseInt(entry.substring(0, 1)) * CLASS_SIZE;
				unstored.set(first, first + CLASS_SIZE);
			}
			else {
				unstored.set(Integer.parseInt(entry));
			}
		}
		return new StatusPolicy(unstored);
	}

	boolean isStored(int status) {
		return status >= 200 && !this.unstored.get(status);
	}

}
