package io.idempotency.openapi;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/** Words for people. */
final class Texts {

	private static final List<ChronoUnit> UNITS = List.of(ChronoUnit.DAYS, ChronoUnit.HOURS, ChronoUnit.MINUTES,
			ChronoUnit.SECONDS, ChronoUnit.MILLIS);

	private Texts() {
	}

	/** What is there and what is added, as paragraphs. */
	static String join(@Nullable String existing, String added) {
		if (existing == null || existing.isBlank()) {
			return added;
		}
		return existing.contains(added) ? existing : existing.strip() + "\n\n" + added;
	}

	/**
	 * A duration in the largest unit of which it is made, save that one day is 24 hours.
	 */
	static String of(Duration duration) {
		for (ChronoUnit unit : UNITS) {
			long count = duration.dividedBy(unit.getDuration());
			if (count > ((unit == ChronoUnit.DAYS) ? 1 : 0)
					&& duration.equals(unit.getDuration().multipliedBy(count))) {
				String name = (unit == ChronoUnit.MILLIS) ? "milliseconds" : unit.toString().toLowerCase(Locale.ROOT);
				return (count == 1) ? "1 " + name.substring(0, name.length() - 1) : count + " " + name;
			}
		}
		return duration.toMillis() + " milliseconds";
	}

}
