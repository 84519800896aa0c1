package io.idempotency.aop;

import java.io.IOException;

import io.idempotency.CommitFailedException;
import io.idempotency.PayloadMismatchException;
import io.idempotency.ResponseNotKeptException;
import org.junit.jupiter.api.Test;

import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static io.idempotency.aop.Bookings.Body.NOTHING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Rule 18 for methods whose records are committed together with what they write. */
abstract class TransactionalMethodContract extends WithTransactionalApplication {

	@Test
	void rule18ResultIsCommittedWithTheWritesAndReplayed() throws Throwable {
		int first = this.bookings.book(this.key, "a", () -> {
			assertThat(TransactionSynchronizationManager.isActualTransactionActive()).isTrue();
			assertThat(effects()).isZero();
			assertThat(this.application.inFlight()).isEqualTo(1);
		});
		assertThat(effects()).isEqualTo(1);
		assertThat(this.bookings.book(this.key, "a", NOTHING)).isEqualTo(first);
		assertThat(effects()).isEqualTo(1);
	}

	@Test
	void methodThatIsTransactionalItselfJoins() throws Throwable {
		int first = this.bookings.bookInTransaction(this.key, () -> assertThat(effects()).isZero());
		assertThat(this.bookings.bookInTransaction(this.key, NOTHING)).isEqualTo(first);
		int nested = this.bookings.bookNested(this.key, () -> assertThat(effects()).isEqualTo(1));
		assertThat(this.bookings.bookNested(this.key, NOTHING)).isEqualTo(nested).isNotEqualTo(first);
		assertThat(effects()).isEqualTo(2);
	}

	@Test
	void rule18NullAndVoidAreReplayed() throws Throwable {
		assertThat(this.bookings.nothing(this.key)).isNull();
		assertThat(this.bookings.nothing(this.key)).isNull();
		assertThat(effects()).isEqualTo(1);
		this.bookings.silent(this.key);
		this.bookings.silent(this.key);
		assertThat(effects()).isEqualTo(2);
	}

	@Test
	void otherArgumentsWithTheSameKeyAreAMismatch() throws Throwable {
		this.bookings.book(this.key, "a", NOTHING);
		assertThatExceptionOfType(PayloadMismatchException.class)
			.isThrownBy(() -> this.bookings.book(this.key, "b", NOTHING));
		assertThat(effects()).isEqualTo(1);
	}

	@Test
	void rule18WhateverIsThrownPassesUnchangedAndNothingStays() throws Throwable {
		for (Throwable thrown : new Throwable[] { new IllegalStateException("unchecked"), new IOException("checked"),
				new AssertionError("an error"), new StackOverflowError() }) {
			Bookings.Body failing = () -> {
				throw thrown;
			};
			assertThatThrownBy(() -> this.bookings.book(this.key, "a", failing)).isSameAs(thrown);
			assertThatThrownBy(() -> this.bookings.bookInTransaction(this.key, failing)).isSameAs(thrown);
			assertThatThrownBy(() -> this.bookings.bookNested(this.key, failing)).isSameAs(thrown);
			assertThat(effects()).isZero();
			nothingIsLeftBehind();
		}
		assertThat(this.bookings.book(this.key, "b", NOTHING)).isPositive();
		assertThat(this.bookings.bookInTransaction(this.key, NOTHING)).isPositive();
		assertThat(this.bookings.bookNested(this.key, NOTHING)).isPositive();
		assertThat(effects()).isEqualTo(3);
	}

	@Test
	void rule16ResultThatCannotBeStoredDoesNotFreeTheKey() throws Throwable {
		Object[] cyclic = new Object[1];
		cyclic[0] = cyclic;
		assertThat(this.bookings.unspeakable(this.key, cyclic)).isSameAs(cyclic);
		assertThatExceptionOfType(ResponseNotKeptException.class)
			.isThrownBy(() -> this.bookings.unspeakable(this.key, "other"));
		assertThat(effects()).isEqualTo(1);
	}

	@Test
	void errorOfAResultThatIsWrittenTakesAllBack() throws Throwable {
		assertThatThrownBy(() -> this.bookings.unspeakable(this.key, new Breaking())).isInstanceOf(LinkageError.class);
		nothingIsLeftBehind();
		assertThat(effects()).isZero();
		assertThat(this.bookings.unspeakable(this.key, "fine")).isEqualTo("fine");
		assertThat(effects()).isEqualTo(1);
	}

	@Test
	void rollbackThatSomebodyWithinAskedForIsNoCommit() throws Throwable {
		assertNotCommitted(() -> assertThatThrownBy(() -> this.surroundings.required(() -> {
			throw new IllegalStateException("caught by the method");
		})).hasMessage("caught by the method"));
	}

	@Test
	void whatFailsBeforeTheCommitIsNoCommit() throws Throwable {
		assertNotCommitted(() -> atTheEnd(new TransactionSynchronization() {

			@Override
			public void beforeCommit(boolean readOnly) {
				throw new IllegalStateException("Not now");
			}

		}));
		assertNotCommitted(() -> atTheEnd(new TransactionSynchronization() {

			@Override
			public void beforeCommit(boolean readOnly) {
				throw new AssertionError("Not now either");
			}

		}));
	}

	private void assertNotCommitted(Bookings.Body disturbance) throws Throwable {
		newKey();
		assertThatExceptionOfType(CommitFailedException.class)
			.isThrownBy(() -> this.bookings.bookInTransaction(this.key, disturbance))
			.matches(CommitFailedException::isRetryable);
		nothingIsLeftBehind();
		assertThat(effects()).isZero();
		assertThat(this.bookings.bookInTransaction(this.key, NOTHING)).isPositive();
		assertThat(effects()).isEqualTo(1);
	}

	@Test
	void whatFailsAfterTheCommitChangesNothing() throws Throwable {
		int first = this.bookings.bookInTransaction(this.key, () -> atTheEnd(new TransactionSynchronization() {

			@Override
			public void afterCommit() {
				throw new IllegalStateException("Too late");
			}

		}));
		assertThat(this.bookings.bookInTransaction(this.key, NOTHING)).isEqualTo(first);
		assertThat(effects()).isEqualTo(1);
	}

	static void atTheEnd(TransactionSynchronization synchronization) {
		TransactionSynchronizationManager.registerSynchronization(synchronization);
	}

	/** Something is wrong with its class. */
	static final class Breaking {

		public String getName() {
			throw new LinkageError("Broken");
		}

	}

}
