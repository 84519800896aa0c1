package io.idempotency.aop;

import java.math.BigDecimal;

import org.jspecify.annotations.Nullable;

/** Positions as applications have them. */
final class PositionNumber {

	private PositionNumber() {
	}

	/**
	 * The position that a value says, exactly.
	 * @throws IllegalArgumentException with a message that continues "its position ..."
	 */
	static long of(@Nullable Object value) {
		if (value == null) {
			throw new IllegalArgumentException("is null");
		}
		if (value instanceof Long || value instanceof Integer || value instanceof Short || value instanceof Byte) {
			return ((Number) value).longValue();
		}
		if (!(value instanceof Number) && !(value instanceof CharSequence)) {
			throw new IllegalArgumentException("is a " + value.getClass().getName() + " and no number");
		}
		try {
			String text = value.toString().strip();
			return (value instanceof CharSequence) ? Long.parseLong(text) : new BigDecimal(text).longValueExact();
		}
		catch (ArithmeticException | NumberFormatException ex) {
			throw new IllegalArgumentException("is no whole number of 64 bits", ex);
		}
	}

}
