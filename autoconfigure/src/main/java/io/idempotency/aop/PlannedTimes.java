package io.idempotency.aop;

import java.lang.reflect.Method;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TimeZone;

import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.core.annotation.RepeatableContainers;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.scheduling.annotation.Schedules;
import org.springframework.scheduling.support.CronExpression;
import org.springframework.util.StringValueResolver;

/**
 * When the cron expressions of a method wanted it to run. Each process asks the clock by
 * which its scheduler has started the run: who is late has the time that is past, and who
 * is early by a little, as timers are, the one that comes.
 */
final class PlannedTimes {

	private static final Duration EARLY = Duration.ofMillis(500);

	private static final Duration SHORTEST_LOOK = Duration.ofMinutes(1);

	private static final Duration LONGEST_LOOK = Duration.ofDays(3660);

	private final List<Plan> plans;

	/**
	 * A cron expression where it is in force.
	 */
	private record Plan(CronExpression expression, ZoneId zone) {

		@Nullable Instant at(Instant now) {
			ZonedDateTime here = now.atZone(this.zone);
			ZonedDateTime last = last(here);
			ZonedDateTime next = this.expression.next(here);
			if (next == null || (last != null && !isAlmost(next, last, here))) {
				return (last != null) ? last.toInstant() : null;
			}
			return (last != null || Duration.between(here, next).compareTo(EARLY) < 0) ? next.toInstant() : null;
		}

		private static boolean isAlmost(ZonedDateTime next, ZonedDateTime last, ZonedDateTime now) {
			Duration left = Duration.between(now, next);
			return left.compareTo(EARLY) < 0 && left.compareTo(Duration.between(last, now)) < 0;
		}

		private @Nullable ZonedDateTime last(ZonedDateTime now) {
			for (Duration look = SHORTEST_LOOK; look.compareTo(LONGEST_LOOK) < 0; look = look.multipliedBy(4)) {
				ZonedDateTime last = null;
				ZonedDateTime next = this.expression.next(now.minus(look));
				while (next != null && !next.isAfter(now)) {
					last = next;
					next = this.expression.next(next);
				}
				if (last != null) {
					return last;
				}
			}
			return null;
		}

	}

	private PlannedTimes(List<Plan> plans) {
		this.plans = plans;
	}

	static boolean isScheduled(Method method) {
		return annotations(method).isPresent(Scheduled.class);
	}

	/** Whether every run has a planned time. */
	static boolean isByCron(Method method) {
		return annotations(method).stream(Scheduled.class)
			.allMatch((schedule) -> !schedule.getString("cron").isEmpty());
	}

	private static MergedAnnotations annotations(Method method) {
		return MergedAnnotations.from(method, SearchStrategy.TYPE_HIERARCHY,
				RepeatableContainers.explicitRepeatable(Scheduled.class, Schedules.class));
	}

	/**
	 * The times of a method.
	 * @param placeholders resolves <code>${...}</code> as Spring does for the annotation
	 */
	static PlannedTimes of(Method method, StringValueResolver placeholders) {
		List<Plan> plans = new ArrayList<>();
		annotations(method).stream(Scheduled.class).forEach((schedule) -> {
			String cron = placeholders.resolveStringValue(schedule.getString("cron"));
			String zone = placeholders.resolveStringValue(schedule.getString("zone"));
			if (cron != null && !cron.isBlank() && !cron.equals(Scheduled.CRON_DISABLED)) {
				plans.add(new Plan(CronExpression.parse(cron),
						(zone == null || zone.isBlank()) ? TimeZone.getDefault().toZoneId() : ZoneId.of(zone)));
			}
		});
		return new PlannedTimes(plans);
	}

	/** The planned time of a run that begins now; nothing if none was planned. */
	@Nullable Instant at(Instant now) {
		return this.plans.stream()
			.map((plan) -> plan.at(now))
			.filter((time) -> time != null)
			.max(Comparator.naturalOrder())
			.orElse(null);
	}

}
