package io.idempotency.aop;

import java.lang.reflect.Method;
import java.time.Instant;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.scheduling.annotation.Scheduled;

import static org.assertj.core.api.Assertions.assertThat;

class PlannedTimesTests {

	@ParameterizedTest
	@CsvSource({
			// on time, late, early by what timers are early by, and earlier than that
			"hourly,2026-11-22T10:00:00Z,2026-11-22T10:00:00Z", "hourly,2026-11-22T10:00:00.003Z,2026-11-22T10:00:00Z",
			"hourly,2026-11-22T10:17:00Z,2026-11-22T10:00:00Z", "hourly,2026-11-22T09:59:59.999Z,2026-11-22T10:00:00Z",
			"hourly,2026-11-22T09:59:59.400Z,2026-11-22T09:00:00Z",
			// less than a second apart from the next one, whichever is nearer
			"everySecond,2026-11-22T10:00:00.400Z,2026-11-22T10:00:00Z",
			"everySecond,2026-11-22T10:00:00.600Z,2026-11-22T10:00:01Z",
			// at ten o'clock in Berlin, before and after the clocks change, and on the
			// day that has no such time
			"berlin,2026-10-24T08:00:00.010Z,2026-10-24T08:00:00Z",
			"berlin,2026-10-26T09:00:00.010Z,2026-10-26T09:00:00Z",
			// years apart
			"leapDay,2027-06-01T00:00:00Z,2024-02-29T00:00:00Z",
			// the nearest of two
			"twice,2026-11-22T10:31:00Z,2026-11-22T10:30:00Z", "twice,2026-11-22T11:01:00Z,2026-11-22T11:00:00Z" })
	void runsOfAllProcessesHaveOneTime(String job, Instant now, Instant planned) throws Exception {
		assertThat(PlannedTimes.of(method(job), PlannedTimesTests::resolve).at(now)).isEqualTo(planned);
	}

	@Test
	void everyRunOfADayHasATimeOfItsOwnHoweverTimersAreOff() throws Exception {
		PlannedTimes times = PlannedTimes.of(method("everySecond"), PlannedTimesTests::resolve);
		Instant midnight = Instant.parse("2026-11-22T00:00:00Z");
		for (int second = 0; second < 3600; second++) {
			Instant planned = midnight.plusSeconds(second);
			for (int off : new int[] { -499, -1, 0, 1, 250, 499 }) {
				assertThat(times.at(planned.plusMillis(off))).isEqualTo(planned);
			}
		}
	}

	@Test
	void jobThatIsSwitchedOffHasNoPlannedTime() throws Exception {
		assertThat(PlannedTimes.of(method("off"), PlannedTimesTests::resolve).at(Instant.now())).isNull();
	}

	private static Method method(String name) throws NoSuchMethodException {
		return Jobs.class.getDeclaredMethod(name);
	}

	private static String resolve(String text) {
		return text.replace("${hourly}", "0 0 * * * *").replace("${zone}", "UTC");
	}

	static class Jobs {

		@Scheduled(cron = "${hourly}", zone = "${zone}")
		void hourly() {
		}

		@Scheduled(cron = "* * * * * *")
		void everySecond() {
		}

		@Scheduled(cron = "0 0 10 * * *", zone = "Europe/Berlin")
		void berlin() {
		}

		@Scheduled(cron = "0 0 0 29 2 *", zone = "UTC")
		void leapDay() {
		}

		@Scheduled(cron = "0 0 * * * *", zone = "UTC")
		@Scheduled(cron = "0 30 * * * *", zone = "UTC")
		void twice() {
		}

		@Scheduled(cron = "-")
		void off() {
		}

	}

}
