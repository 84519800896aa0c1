package io.idempotency.store.redis;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Time that is up, and time in which nobody looked. */
class CallBudgetTests {

	private static final Duration BUDGET = Duration.ofMillis(200);

	private final CallBudget budget = new CallBudget(BUDGET.toNanos());

	private final AtomicInteger silences = new AtomicInteger();

	@Test
	void rule23WaitEndsWithinTheBudgetAndSilenceIsToldOnce() {
		long startedAt = System.nanoTime();
		assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> await(new CompletableFuture<>()));
		assertThat(Duration.ofNanos(System.nanoTime() - startedAt)).isBetween(BUDGET.dividedBy(2),
				BUDGET.plusMillis(100));
		assertThat(this.silences).hasValue(1);
	}

	@Test
	void secondCommandOfASlowCallIsNoSilence() {
		LockSupport.parkNanos(BUDGET.toNanos() * 3 / 4);
		assertThatExceptionOfType(TimeoutException.class).isThrownBy(() -> await(new CompletableFuture<>()));
		assertThat(this.silences).hasValue(0);
	}

	@Test
	void replyThatIsReadAfterAPauseCounts() throws Exception {
		assertThat(await(new PausedFuture())).isEqualTo("reply");
		assertThat(this.silences).hasValue(0);
	}

	private String await(CompletableFuture<String> reply) throws Exception {
		return this.budget.await(reply, this.silences::incrementAndGet);
	}

	/**
	 * Whoever waits for it wakes up when all of the budget is over, and then it is read.
	 */
	private static final class PausedFuture extends CompletableFuture<String> {

		@Override
		public String get(long timeout, TimeUnit unit) throws TimeoutException {
			if (!isDone()) {
				LockSupport.parkNanos(unit.toNanos(timeout) + BUDGET.toNanos());
				complete("reply");
				throw new TimeoutException();
			}
			return getNow("");
		}

	}

}
