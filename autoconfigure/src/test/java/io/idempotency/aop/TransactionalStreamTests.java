package io.idempotency.aop;

import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.idempotency.CommitFailedException;
import io.idempotency.IdempotentStream;
import io.idempotency.autoconfigure.IdempotentStreamAutoConfiguration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** Marks that are committed with what the methods write. */
class TransactionalStreamTests {

	private static TransactionalApplication application;

	private static Ledger ledger;

	private final String stream = UUID.randomUUID().toString();

	@BeforeAll
	static void start() {
		application = new TransactionalApplication(Streams.class);
		ledger = application.bean(Ledger.class);
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@AfterEach
	void nothingIsLeftBehind() {
		application.assertNothingIsLeftBehind();
	}

	private int effects() {
		return application.effects(this.stream);
	}

	private void assertMark(OptionalLong expected) {
		// what is at the mark is skipped, what is above it is not
		int before = effects();
		expected.ifPresent((mark) -> {
			try {
				ledger.book(this.stream, mark, Bookings.Body.NOTHING);
			}
			catch (Throwable ex) {
				throw new AssertionError(ex);
			}
		});
		assertThat(effects()).isEqualTo(before);
	}

	@Test
	void markAndWritesAreCommittedTogether() throws Throwable {
		ledger.book(this.stream, 5, () -> assertThat(effects()).as("seen by others").isZero());
		ledger.bookInTransaction(this.stream, 6, () -> assertThat(effects()).as("seen by others").isEqualTo(1));
		assertThat(effects()).as("the second method has marks of its own").isEqualTo(2);
		for (int position : new int[] { 3, 5 }) {
			ledger.book(this.stream, position, Bookings.Body.NOTHING);
		}
		ledger.bookInTransaction(this.stream, 6, Bookings.Body.NOTHING);
		assertThat(effects()).isEqualTo(2);
	}

	@Test
	void failureTakesBothBackAndPassesThrough() throws Throwable {
		Exception failure = new Exception("checked");
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> ledger.book(this.stream, 5, () -> {
			throw failure;
		})).satisfies((ex) -> assertThat(ex).isSameAs(failure));
		assertThat(effects()).isZero();
		ledger.book(this.stream, 5, Bookings.Body.NOTHING);
		assertThat(effects()).isEqualTo(1);
		assertMark(OptionalLong.of(5));
	}

	@Test
	void commitThatFailsTakesBothBackAndIsTold() throws Throwable {
		assertThatExceptionOfType(CommitFailedException.class).isThrownBy(() -> ledger.book(this.stream, 5,
				() -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
					@Override
					public void beforeCommit(boolean readOnly) {
						throw new IllegalStateException("not now");
					}
				})));
		assertThat(effects()).isZero();
		assertThat(application.timed("idempotency.stream.positions", "outcome", "commit_failed")).isPositive();
		ledger.book(this.stream, 5, Bookings.Body.NOTHING);
		assertThat(effects()).isEqualTo(1);
	}

	@Test
	void failureAfterTheCommitIsNone() throws Throwable {
		ledger.book(this.stream, 5,
				() -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
					@Override
					public void afterCommit() {
						throw new IllegalStateException("too late");
					}
				}));
		assertThat(effects()).isEqualTo(1);
		assertMark(OptionalLong.of(5));
	}

	@Test
	void batchInOneTransactionIsCommittedAsAWhole() throws Throwable {
		application.surroundings().required(() -> {
			for (int position = 1; position <= 3; position++) {
				ledger.book(this.stream, position, Bookings.Body.NOTHING);
				ledger.book(this.stream, position, Bookings.Body.NOTHING);
			}
		});
		assertThat(effects()).isEqualTo(3);
		assertThatIllegalStateException().isThrownBy(() -> application.surroundings().required(() -> {
			ledger.book(this.stream, 4, Bookings.Body.NOTHING);
			throw new IllegalStateException("the rest of the batch");
		}));
		assertThat(effects()).isEqualTo(3);
		ledger.book(this.stream, 4, Bookings.Body.NOTHING);
		assertThat(effects()).isEqualTo(4);
	}

	@Test
	void transactionAroundAFailureCannotBeCommitted() throws Throwable {
		assertThatExceptionOfType(UnexpectedRollbackException.class)
			.isThrownBy(() -> application.surroundings().required(() -> {
				ledger.book(this.stream, 1, Bookings.Body.NOTHING);
				assertThatIllegalStateException().isThrownBy(() -> ledger.book(this.stream, 2, () -> {
					throw new IllegalStateException("ignored");
				}));
			}));
		assertThat(effects()).isZero();
		ledger.book(this.stream, 1, Bookings.Body.NOTHING);
		assertThat(effects()).isEqualTo(1);
	}

	@Test
	void transactionThatCannotHoldAMarkIsRefused() {
		assertThatIllegalStateException()
			.isThrownBy(
					() -> application.surroundings().readOnly(() -> ledger.book(this.stream, 1, Bookings.Body.NOTHING)))
			.withMessageContaining("read-only");
	}

	@Test
	void redeliveryWhileThePositionIsHandledWaitsAndIsAReplay() throws Throwable {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch end = new CountDownLatch(1);
		CompletableFuture<Object> first = Parallel.start(() -> {
			try {
				ledger.book(this.stream, 5, () -> {
					begun.countDown();
					end.await();
				});
				return true;
			}
			catch (Throwable ex) {
				return ex;
			}
		});
		begun.await();
		CompletableFuture<Object> again = Parallel.start(() -> {
			try {
				ledger.book(this.stream, 5, Bookings.Body.NOTHING);
				return true;
			}
			catch (Throwable ex) {
				return ex;
			}
		});
		end.countDown();
		assertThat(first.get(30, TimeUnit.SECONDS)).isEqualTo(true);
		assertThat(again.get(30, TimeUnit.SECONDS)).isEqualTo(true);
		assertThat(effects()).isEqualTo(1);
	}

	/** Handles positions by writing a row. */
	static class Ledger {

		private final JdbcTemplate sql;

		Ledger(JdbcTemplate sql) {
			this.sql = sql;
		}

		/** Without a transaction of its own. */
		@IdempotentStream(stream = "#stream", position = "#position", operation = "book")
		public void book(String stream, long position, Bookings.Body body) throws Throwable {
			write(stream, body);
		}

		@IdempotentStream(stream = "#stream", position = "#position", operation = "book-in-transaction")
		@Transactional
		public void bookInTransaction(String stream, long position, Bookings.Body body) throws Throwable {
			write(stream, body);
		}

		private void write(String stream, Bookings.Body body) throws Throwable {
			this.sql.update("INSERT INTO effect VALUES (?)", stream);
			body.run();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(IdempotentStreamAutoConfiguration.class)
	@Import(Ledger.class)
	static class Streams {

	}

}
