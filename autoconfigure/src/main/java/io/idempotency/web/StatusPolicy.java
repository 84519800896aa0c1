package io.idempotency.web;

import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Which answers are final. A status that says "not now" or "not you", and every failure
 * of the server, frees the key instead.
 *
 * @param unstored codes that free the key
 * @param unstoredClasses first digits of codes that free the key
 */
public record StatusPolicy(Set<Integer> unstored, Set<Integer> unstoredClasses) {

	/**
	 * Makes the policy of a list.
	 * @param entries codes as {@code 429} or classes as {@code 5xx}
	 */
	public static StatusPolicy unstored(Collection<String> entries) {
		Set<Integer> codes = new HashSet<>();
		Set<Integer> classes = new HashSet<>();
		for (String entry : entries) {
			if (entry.toLowerCase(Locale.ROOT).endsWith("xx")) {
				classes.add(Integer.valueOf(entry.substring(0, 1)));
			}
			else {
				codes.add(Integer.valueOf(entry));
			}
		}
		return new StatusPolicy(Set.copyOf(codes), Set.copyOf(classes));
	}

	boolean isStored(int status) {
		return status >= 200 && !this.unstored.contains(status) && !this.unstoredClasses.contains(status / 100);
	}

}
