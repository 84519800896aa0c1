package io.idempotency.aop;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;

import org.springframework.boot.convert.DurationStyle;

/**
 * Durations as annotations write them. A number without a unit is an error, not millis.
 */
final class DurationText {

	/** Longer than anybody keeps an answer, and far from where milliseconds overflow. */
	private static final Duration LONGEST = Duration.ofDays(3660);

	private static final Pattern NUMBER = Pattern.compile("[+-]?\\d+");

	private DurationText() {
	}

	/**
	 * Parses a positive duration.
	 * @throws IllegalArgumentException with a message that continues "the value is x,
	 * which ..."
	 */
	static Duration parse(String text) {
		if (NUMBER.matcher(text).matches()) {
			throw new IllegalArgumentException("has no unit");
		}
		Duration duration;
		try {
			duration = DurationStyle.detectAndParse(text);
		}
		catch (IllegalArgumentException | DateTimeParseException | ArithmeticException ex) {
			throw new IllegalArgumentException("is no duration", ex);
		}
		if (duration.compareTo(Duration.ofMillis(1)) < 0) {
			throw new IllegalArgumentException("is less than a millisecond");
		}
		if (duration.compareTo(LONGEST) > 0) {
			throw new IllegalArgumentException("is more than ten years");
		}
		return duration;
	}

}
