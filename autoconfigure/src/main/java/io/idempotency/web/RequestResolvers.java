package io.idempotency.web;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * What beans of the application say about a request.
 *
 * @param scopes add to who the caller is, by their beans' names
 * @param keys finds the key instead of the header, or {@code null}
 */
public record RequestResolvers(SortedMap<String, IdempotencyScopeResolver> scopes,
		@Nullable IdempotencyKeyResolver keys) {

	public RequestResolvers {
		scopes = new TreeMap<>(scopes);
	}

	/**
	 * The whole scope of a request; no two different callers and parts make one text. A
	 * resolver that has nothing to say changes nothing, so records of before it was there
	 * are still found.
	 */
	String scope(HttpServletRequest request) {
		String caller = CallerScope.of(request);
		StringBuilder parts = new StringBuilder();
		for (Map.Entry<String, IdempotencyScopeResolver> resolver : this.scopes.entrySet()) {
			String name = resolver.getKey();
			String part = resolver.getValue().resolve(request);
			if (part != null) {
				// the lengths keep parts apart whatever they hold
				parts.append(name.length())
					.append(':')
					.append(name)
					.append('=')
					.append(part.length())
					.append(':')
					.append(part);
			}
		}
		// no caller's own text starts like this
		return parts.isEmpty() ? caller : "resolved:" + caller.length() + ":" + caller + parts;
	}

}
