package io.idempotency.openapi;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The request headers that a {@code key} expression reads by name. */
final class HeaderReads {

	private static final Pattern READ = Pattern
		.compile("(?:#headers(?:\\?\\.)?\\[|#headers\\??\\.get\\(|#request\\??\\.getHeader\\()'([^']+)'[])]");

	private HeaderReads() {
	}

	static Set<String> in(String expression) {
		Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
		Matcher reads = READ.matcher(expression);
		while (reads.find()) {
			names.add(reads.group(1));
		}
		return names;
	}

	/** Whether the expression is such a read and nothing else. */
	static boolean isOnly(String expression) {
		return READ.matcher(expression).matches();
	}

}
