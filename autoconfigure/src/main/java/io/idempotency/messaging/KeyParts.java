package io.idempotency.messaging;

/** Joins parts of a key so that no two lists of parts look alike. */
public final class KeyParts {

	private KeyParts() {
	}

	/**
	 * Joins parts, each of which says how long it is.
	 * @param kind what the parts are, so that keys of two kinds never meet
	 */
	public static String join(String kind, Object... parts) {
		StringBuilder joined = new StringBuilder(kind);
		for (Object part : parts) {
			String text = part.toString();
			joined.append(':').append(text.length()).append(':').append(text);
		}
		return joined.toString();
	}

}
