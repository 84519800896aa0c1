package io.idempotency.web;

import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * Reads the number of a JSON text into the one form that all its notations share: no
 * trailing zeros in the unscaled value, and zero has no scale. Works on the characters,
 * as taking zeros off a long number by division is slow enough to be an attack.
 */
final class JsonNumber {

	/** A number with more characters makes the text be compared by its bytes. */
	static final int MAX_LENGTH = 1000;

	/** As many digits as always fit into a {@code long}. */
	private static final int LONG_DIGITS = 18;

	/** More digits than any exponent of a {@link BigDecimal} has. */
	private static final int EXPONENT_DIGITS = 12;

	private JsonNumber() {
	}

	/** Adds a number that follows the grammar of JSON. */
	static void add(char[] text, int offset, int length, JsonMeaning meaning) {
		boolean negative = text[offset] == '-';
		long value = 0;
		int scale = 0;
		boolean fraction = false;
		boolean simple = length <= LONG_DIGITS;
		for (int i = negative ? offset + 1 : offset; simple && i < offset + length; i++) {
			char c = text[i];
			if (c == '.') {
				fraction = true;
			}
			else if (c >= '0' && c <= '9') {
				value = value * 10 + (c - '0');
				scale += fraction ? 1 : 0;
			}
			else {
				simple = false;
			}
		}
		if (!simple) {
			BigDecimal number = read(text, offset, length);
			meaning.number(number.unscaledValue().toByteArray(), number.scale());
			return;
		}
		if (value == 0) {
			scale = 0;
		}
		while (value != 0 && value % 10 == 0) {
			value /= 10;
			scale--;
		}
		meaning.number(negative ? -value : value, scale);
	}

	/**
	 * Reads a number that follows the grammar of JSON.
	 * @throws NumberFormatException if it is too long, or its exponent too large
	 */
	static BigDecimal read(char[] text, int offset, int length) {
		if (length > MAX_LENGTH) {
			throw new NumberFormatException("The number is too long to be compared");
		}
		int end = offset + length;
		boolean negative = text[offset] == '-';
		char[] digits = new char[length];
		int count = 0;
		long scale = 0;
		boolean fraction = false;
		int i = negative ? offset + 1 : offset;
		while (i < end && text[i] != 'e' && text[i] != 'E') {
			char c = text[i++];
			if (c == '.') {
				fraction = true;
				continue;
			}
			if (count > 0 || c != '0') {
				digits[count++] = c;
			}
			if (fraction) {
				scale++;
			}
		}
		if (count == 0) {
			return BigDecimal.ZERO;
		}
		if (i < end) {
			scale -= exponent(text, i + 1, end);
		}
		while (digits[count - 1] == '0') {
			count--;
			scale--;
		}
		if ((int) scale != scale) {
			throw new NumberFormatException("The exponent is too large to be compared");
		}
		BigDecimal number = unscaled(digits, count, (int) scale);
		return negative ? number.negate() : number;
	}

	private static BigDecimal unscaled(char[] digits, int count, int scale) {
		if (count > LONG_DIGITS) {
			return new BigDecimal(new BigInteger(new String(digits, 0, count)), scale);
		}
		long value = 0;
		for (int i = 0; i < count; i++) {
			value = value * 10 + (digits[i] - '0');
		}
		return BigDecimal.valueOf(value, scale);
	}

	private static long exponent(char[] text, int start, int end) {
		boolean negative = text[start] == '-';
		int i = (negative || text[start] == '+') ? start + 1 : start;
		while (i < end - 1 && text[i] == '0') {
			i++;
		}
		if (end - i > EXPONENT_DIGITS) {
			throw new NumberFormatException("The exponent is too large to be compared");
		}
		long exponent = Long.parseLong(new String(text, i, end - i));
		return negative ? -exponent : exponent;
	}

}
