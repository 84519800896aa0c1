package io.idempotency.web;

import java.util.Enumeration;

import io.idempotency.KeyMalformedException;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * The grammar of the key header: a String of RFC 8941, section 3.3.3, or a bare value,
 * each with parameters that are ignored. In both forms a key is made of visible ASCII. An
 * application may be strict and take the String only.
 */
final class KeyHeader {

	private final String operation;

	private final int maxLength;

	private final boolean strict;

	private KeyHeader(String operation, int maxLength, boolean strict) {
		this.operation = operation;
		this.maxLength = maxLength;
		this.strict = strict;
	}

	/**
	 * Reads the key of a request.
	 * @return the key, or {@code null} if there is no such header
	 * @throws KeyMalformedException if there is one that is no key
	 */
	static @Nullable String read(HttpServletRequest request, HttpSettings settings, String operation) {
		Enumeration<String> lines = request.getHeaders(settings.header());
		if (lines == null || !lines.hasMoreElements()) {
			return null;
		}
		String line = lines.nextElement();
		KeyHeader reading = new KeyHeader(operation, settings.maxKeyLength(), settings.strict());
		if (lines.hasMoreElements()) {
			throw reading.malformed("The request has more than one " + settings.header() + " header");
		}
		return reading.parse(line.strip());
	}

	private String parse(String line) {
		String key = line.startsWith("\"") ? quoted(line) : bare(line);
		if (key.isEmpty()) {
			throw malformed("The idempotency key is empty");
		}
		return key;
	}

	private String quoted(String line) {
		StringBuilder key = new StringBuilder(Math.min(line.length(), this.maxLength));
		int end = readString(line, key);
		requireParameters(line, end, true);
		return key.toString();
	}

	/** Mostly the line as it stands. */
	private String bare(String line) {
		if (this.strict && !line.isEmpty()) {
			throw malformed("The idempotency key has to be quoted: it is a String of RFC 8941, as in \"abc\"");
		}
		int end = 0;
		while (end < line.length() && line.charAt(end) != ';' && line.charAt(end) != ' ' && line.charAt(end) != '\t') {
			requireRoom(line.charAt(end), end);
			end++;
		}
		requireParameters(line, end, false);
		return line.substring(0, end);
	}

	private int readString(String line, StringBuilder key) {
		for (int i = 1; i < line.length(); i++) {
			char c = line.charAt(i);
			if (c == '"') {
				return i + 1;
			}
			if (c == '\\') {
				i++;
				c = (i < line.length()) ? line.charAt(i) : 0;
				if (c != '"' && c != '\\') {
					throw malformed("The idempotency key has a backslash that escapes neither a quote nor a backslash");
				}
			}
			append(c, key);
		}
		throw malformed("The idempotency key starts with a quote and does not end with one");
	}

	private void append(char c, StringBuilder key) {
		requireRoom(c, key.length());
		key.append(c);
	}

	/** Refuses a character that a key of so many characters may not go on with. */
	private void requireRoom(char c, int length) {
		if (c <= ' ' || c >= 0x7F) {
			throw malformed("The idempotency key has a character that is not visible ASCII");
		}
		if (length == this.maxLength) {
			throw malformed("The idempotency key is longer than " + this.maxLength + " characters");
		}
	}

	/**
	 * What follows the key has to look like parameters (RFC 8941, section 3.1.2). After a
	 * bare key they need a value as well: a bare key with a semicolon in it is refused
	 * rather than cut, or two keys would become one.
	 */
	private void requireParameters(String line, int start, boolean quoted) {
		int i = start;
		while (i < line.length()) {
			i = skipSpaces(line, i);
			if (i == line.length() || line.charAt(i) != ';') {
				throw malformed("The idempotency key is followed by something that is no parameter");
			}
			i = skipSpaces(line, i + 1);
			if (i == line.length() || !(isLower(line.charAt(i)) || line.charAt(i) == '*')) {
				throw malformed("The idempotency key is followed by a parameter without a name");
			}
			int end = skipParameter(line, i);
			if (!quoted && line.substring(i, end).indexOf('=') < 0) {
				throw malformed("The idempotency key holds a semicolon and is not quoted");
			}
			i = end;
		}
	}

	private int skipParameter(String line, int start) {
		boolean inString = false;
		int i = start;
		while (i < line.length() && (inString || (line.charAt(i) != ';' && line.charAt(i) != ' '))) {
			if (line.charAt(i) == '"') {
				inString = !inString;
			}
			else if (inString && line.charAt(i) == '\\') {
				i++;
			}
			i++;
		}
		if (inString) {
			throw malformed("The idempotency key is followed by a parameter whose quote does not end");
		}
		return i;
	}

	private static int skipSpaces(String line, int start) {
		int i = start;
		while (i < line.length() && line.charAt(i) == ' ') {
			i++;
		}
		return i;
	}

	private static boolean isLower(char c) {
		return c >= 'a' && c <= 'z';
	}

	private KeyMalformedException malformed(String reason) {
		return new KeyMalformedException(this.operation, reason);
	}

}
