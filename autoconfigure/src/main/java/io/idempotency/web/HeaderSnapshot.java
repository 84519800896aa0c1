package io.idempotency.web;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.idempotency.web.StoredResponse.Header;
import jakarta.servlet.http.HttpServletResponse;

/**
 * The headers of a response at the moment of the claim: outer filters set them, for this
 * request only, so they are not the handler's and are not stored.
 */
final class HeaderSnapshot {

	/** Of this connection, this moment or this client, or stored in another place. */
	private static final Set<String> NEVER_STORED = Set.of("connection", "keep-alive", "proxy-authenticate",
			"proxy-authentication-info", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "date",
			"set-cookie", "set-cookie2", "content-type", "content-length");

	private final Map<String, List<String>> before;

	private final Set<String> excluded;

	/**
	 * @param excluded headers that the application does not want to be stored, in lower
	 * case
	 */
	HeaderSnapshot(HttpServletResponse response, Set<String> excluded) {
		this.excluded = excluded;
		Collection<String> names = response.getHeaderNames();
		this.before = names.isEmpty() ? Map.of() : new LinkedHashMap<>();
		for (String name : names) {
			this.before.put(name.toLowerCase(Locale.ROOT), new ArrayList<>(response.getHeaders(name)));
		}
	}

	/** Sets them again on a response that was reset. */
	void restore(HttpServletResponse response) {
		this.before.forEach((name, values) -> values.forEach((value) -> response.addHeader(name, value)));
	}

	/** What was added since. */
	List<Header> addedTo(HttpServletResponse response) {
		List<Header> added = new ArrayList<>();
		Set<String> seen = new HashSet<>();
		for (String name : response.getHeaderNames()) {
			String lowerCase = name.toLowerCase(Locale.ROOT);
			if (isStored(lowerCase) && seen.add(lowerCase)) {
				add(name, response.getHeaders(name), this.before.getOrDefault(lowerCase, List.of()), added);
			}
		}
		return added;
	}

	private static void add(String name, Collection<String> now, List<String> before, List<Header> added) {
		List<String> fresh = new ArrayList<>(now);
		boolean replaced = false;
		for (String value : before) {
			replaced |= !fresh.remove(value);
		}
		for (String value : fresh) {
			added.add(new Header(name, value, replaced));
			// only the first line of a name replaces, the others join it
			replaced = false;
		}
	}

	boolean isStored(String lowerCase) {
		return !NEVER_STORED.contains(lowerCase) && !lowerCase.startsWith("access-control-")
				&& !this.excluded.contains(lowerCase);
	}

}
