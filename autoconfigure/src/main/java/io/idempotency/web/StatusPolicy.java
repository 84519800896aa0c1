package io.idempotency.web;

import java.util.Set;

/**
 * Which answers are final. A status that says "not now" or "not you", and every failure
 * of the server, frees the key instead.
 */
final class StatusPolicy {

	private static final Set<Integer> NOT_FINAL = Set.of(401, 403, 407, 408, 409, 412, 421, 423, 425, 429);

	private StatusPolicy() {
	}

	static boolean isStored(int status) {
		return status >= 200 && status < 500 && !NOT_FINAL.contains(status);
	}

}
