package io.idempotency.aop;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.idempotency.CommitFailedException;
import io.idempotency.OperationInProgressException;
import org.junit.jupiter.api.Test;

import static io.idempotency.aop.Bookings.Body.NOTHING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** Calls with the key of a call that still runs, and what is counted. */
class TransactionalDuplicateTests extends WithTransactionalApplication {

	private static final String CALLS = "idempotency.operations";

	private static final String STEPS = "idempotency.store";

	@Override
	TransactionalApplication startApplication() {
		return new TransactionalApplication();
	}

	@Test
	void duplicateOfACallThatRunsIsRefused() throws Throwable {
		this.bookings.book(this.key, "a",
				() -> assertThatExceptionOfType(OperationInProgressException.class).isThrownBy(this::bookElsewhere));
		assertThat(effects()).isEqualTo(1);
		bookElsewhere();
		assertThat(effects()).isEqualTo(1);
	}

	private int bookElsewhere() throws Throwable {
		try {
			return TransactionalApplication.elsewhere(() -> {
				try {
					return this.bookings.book(this.key, "a", NOTHING);
				}
				catch (Error | Exception ex) {
					throw ex;
				}
				catch (Throwable ex) {
					throw new IllegalStateException(ex);
				}
			});
		}
		catch (java.util.concurrent.CompletionException ex) {
			throw ex.getCause();
		}
	}

	@Test
	void manyDuplicatesWaitForTheResultWithoutHoldingConnections() throws Throwable {
		CountDownLatch go = new CountDownLatch(1);
		List<CompletableFuture<Integer>> waiting = new ArrayList<>();
		int first = this.bookings.bookWaiting(this.key, () -> {
			for (int i = 0; i < 30; i++) {
				waiting.add(Parallel.start(() -> waitingCall(go)));
			}
			assertThat(go.await(20, TimeUnit.SECONDS)).isTrue();
		});
		for (CompletableFuture<Integer> duplicate : waiting) {
			assertThat(duplicate.get(20, TimeUnit.SECONDS)).isEqualTo(first);
		}
		assertThat(effects()).isEqualTo(1);
	}

	private int waitingCall(CountDownLatch called) {
		called.countDown();
		try {
			return this.bookings.bookWaiting(this.key, NOTHING);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void whoWaitsForACallThatFailsRunsInItsPlace() throws Throwable {
		CountDownLatch go = new CountDownLatch(1);
		List<CompletableFuture<Integer>> waiting = new ArrayList<>();
		assertThatIllegalStateException().isThrownBy(() -> this.bookings.bookWaiting(this.key, () -> {
			for (int i = 0; i < 5; i++) {
				waiting.add(Parallel.start(() -> waitingCall(go)));
			}
			assertThat(go.await(20, TimeUnit.SECONDS)).isTrue();
			throw new IllegalStateException("broken");
		}));
		assertThat(waiting.stream().map(CompletableFuture::join).distinct()).hasSize(1);
		assertThat(effects()).isEqualTo(1);
	}

	@Test
	void waitingEnds() throws Throwable {
		this.bookings.bookHasty(this.key, () -> {
			long startedAt = System.nanoTime();
			assertThatExceptionOfType(OperationInProgressException.class)
				.isThrownBy(() -> this.bookings.bookHasty(this.key, NOTHING));
			assertThat(Duration.ofNanos(System.nanoTime() - startedAt)).isBetween(Duration.ofMillis(290),
					Duration.ofSeconds(10));
		});
	}

	@Test
	void whoIsInterruptedDoesNotWait() throws Throwable {
		this.bookings.bookWaiting(this.key, () -> {
			Thread.currentThread().interrupt();
			long startedAt = System.nanoTime();
			assertThatExceptionOfType(OperationInProgressException.class)
				.isThrownBy(() -> this.bookings.bookWaiting(this.key, NOTHING));
			assertThat(Thread.interrupted()).isTrue();
			assertThat(Duration.ofNanos(System.nanoTime() - startedAt)).isLessThan(Duration.ofSeconds(10));
		});
		assertThat(effects()).isEqualTo(1);
	}

	@Test
	void callsAndStepsAreCounted() throws Throwable {
		long executed = calls("executed");
		long replayed = calls("replayed");
		long failed = calls("failed");
		long notCommitted = calls("commit_failed");
		long acquired = steps("claim", "acquired");
		long completed = steps("claim", "completed");
		long stored = steps("complete", "ok");
		long released = steps("release", "ok");
		this.bookings.bookInTransaction(this.key, NOTHING);
		this.bookings.bookInTransaction(this.key, NOTHING);
		newKey();
		assertThatIllegalStateException().isThrownBy(() -> this.bookings.bookInTransaction(this.key, () -> {
			throw new IllegalStateException("broken");
		}));
		assertThatExceptionOfType(CommitFailedException.class)
			.isThrownBy(() -> this.bookings.bookInTransaction(this.key,
					() -> assertThatIllegalStateException().isThrownBy(() -> this.surroundings.required(() -> {
						throw new IllegalStateException("broken");
					}))));
		assertThat(calls("executed") - executed).isEqualTo(1);
		assertThat(calls("replayed") - replayed).isEqualTo(1);
		assertThat(calls("failed") - failed).isEqualTo(1);
		assertThat(calls("commit_failed") - notCommitted).isEqualTo(1);
		assertThat(steps("claim", "acquired") - acquired).isEqualTo(3);
		assertThat(steps("claim", "completed") - completed).isEqualTo(1);
		assertThat(steps("complete", "ok") - stored).isEqualTo(1);
		assertThat(steps("complete", "error")).isPositive();
		assertThat(steps("release", "ok") - released).isEqualTo(1);
	}

	private long calls(String outcome) {
		return this.application.timed(CALLS, "operation", "book-in-transaction", "outcome", outcome);
	}

	private long steps(String command, String outcome) {
		return this.application.timed(STEPS, "store", "jdbc-transactional", "command", command, "outcome", outcome);
	}

}
