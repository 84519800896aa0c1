package io.idempotency.openapi;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The form of the key header as a schema can say it: a bare key or a String of RFC 8941,
 * section 3.3.3. What matches is accepted. Parameters after the key are accepted too, but
 * no client needs them.
 */
final class KeyForm {

	/** A key from the IETF draft, section 2.1. */
	private static final String EXAMPLE = "8e03978e-40d5-43e8-bc93-6894a57f9324";

	/**
	 * What regular expressions of Java can say and those of ECMA-262, which schemas use,
	 * cannot or mean differently: most escapes, groups with a question mark, possessive
	 * quantifiers, intersections and unions of classes.
	 */
	private static final Pattern JAVA_ONLY = Pattern
		.compile("\\\\[^dDwWsS.\\-/\\[\\](){}*+?|^$\\\\]|\\(\\?(?!:)|[*+?}]\\+|&&|\\[[^\\]]*\\[");

	private final PublishedSettings settings;

	KeyForm(PublishedSettings settings) {
		this.settings = settings;
	}

	int minLength() {
		return this.settings.strict() ? 3 : 1;
	}

	/** With the quotes around it. */
	int maxLength() {
		return this.settings.maxKeyLength() + 2;
	}

	/** The regular expression, or {@code null} if a schema could not say it. */
	@Nullable String regex() {
		Pattern pattern = this.settings.keyPattern();
		int max = this.settings.maxKeyLength();
		if (pattern == null) {
			return either("[!#-:<-~][!-:<-~]{0," + (max - 1) + "}",
					"\"(?:[!#-\\[\\]-~]|\\\\[\"\\\\]){1," + max + "}\"");
		}
		if (JAVA_ONLY.matcher(pattern.pattern()).find()) {
			return null;
		}
		return either("(?:" + pattern + ")", "\"(?:" + pattern + ")\"");
	}

	private String either(String bare, String quoted) {
		return this.settings.strict() ? "^" + quoted + "$" : "^(?:" + bare + "|" + quoted + ")$";
	}

	/** A key of that form, if the pattern lets the usual one pass. */
	@Nullable String example() {
		Pattern pattern = this.settings.keyPattern();
		boolean suitable = EXAMPLE.length() <= this.settings.maxKeyLength()
				&& (pattern == null || pattern.matcher(EXAMPLE).matches());
		return suitable ? "\"" + EXAMPLE + "\"" : null;
	}

	String words() {
		Pattern pattern = this.settings.keyPattern();
		return "At most " + this.settings.maxKeyLength() + " visible ASCII characters, "
				+ (this.settings.strict() ? "in quotes" : "in quotes or bare") + " (a String of RFC 8941)."
				+ ((pattern != null) ? " The key without its quotes matches `" + pattern + "`." : "");
	}

}
