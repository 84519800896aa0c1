package io.idempotency.web;

import java.nio.charset.Charset;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * What a request says its body is.
 *
 * @param name type, subtype, and those parameters that make another body of the same
 * bytes
 * @param kind how such bodies are compared
 */
record RequestMediaType(String name, Kind kind) {

	/** How a body is compared. */
	enum Kind {

		/** By what it means. */
		JSON,

		/** By its parameters. */
		FORM,

		/** By its parts. */
		MULTIPART,

		/** By its bytes. */
		OTHER

	}

	private static final String FORM_TYPE = "application/x-www-form-urlencoded";

	private static final RequestMediaType PLAIN_JSON = new RequestMediaType("application/json", Kind.JSON);

	static RequestMediaType of(@Nullable String contentType) {
		if ("application/json".equals(contentType)) {
			return PLAIN_JSON;
		}
		if (contentType == null) {
			return new RequestMediaType("", Kind.OTHER);
		}
		String type = withoutParameters(contentType);
		Kind kind = kind(type);
		try {
			MediaType parsed = MediaType.parseMediaType(contentType);
			if (kind == Kind.JSON && !isUnicode(parsed.getCharset())) {
				// a parser of bytes takes it for UTF-8, which may be another text
				kind = Kind.OTHER;
			}
			return new RequestMediaType(type + parameters(parsed.getParameters(), kind), kind);
		}
		catch (InvalidMediaTypeException ex) {
			return new RequestMediaType(contentType, (kind == Kind.JSON) ? Kind.OTHER : kind);
		}
	}

	private static Kind kind(String type) {
		if (type.equals("application/json") || type.endsWith("+json")) {
			return Kind.JSON;
		}
		if (type.equals(FORM_TYPE)) {
			return Kind.FORM;
		}
		return type.startsWith("multipart/") ? Kind.MULTIPART : Kind.OTHER;
	}

	/** No charset says UTF-8, as far as JSON goes (RFC 8259, section 8.1). */
	private static boolean isUnicode(@Nullable Charset charset) {
		return charset == null || charset.name().startsWith("UTF-") || charset.name().equals("US-ASCII");
	}

	/**
	 * A boundary differs on each retry, and where characters are compared rather than
	 * bytes their charset does not matter.
	 */
	private static String parameters(Map<String, String> parameters, Kind kind) {
		Map<String, String> sorted = new TreeMap<>();
		parameters.forEach((name, value) -> sorted.put(name.toLowerCase(Locale.ROOT), value));
		if (kind == Kind.MULTIPART) {
			sorted.remove("boundary");
		}
		if (kind != Kind.OTHER) {
			sorted.remove("charset");
		}
		StringBuilder text = new StringBuilder();
		sorted.forEach((name, value) -> text.append(';')
			.append(name)
			.append('=')
			.append(name.equals("charset") ? value.toLowerCase(Locale.ROOT) : value));
		return text.toString();
	}

	private static String withoutParameters(String contentType) {
		int end = contentType.indexOf(';');
		return ((end < 0) ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
	}

}
