package io.idempotency.aop;

import java.io.IOException;

import io.idempotency.CommitFailedException;
import io.idempotency.OperationInProgressException;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.UnexpectedRollbackException;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static io.idempotency.aop.Bookings.Body.NOTHING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Idempotent methods that are called within a transaction, or in each other. */
class JoinedTransactionTests extends WithTransactionalApplication {

	@Override
	TransactionalApplication startApplication() {
		return new TransactionalApplication();
	}

	@Test
	void callIsCommittedWithTheTransactionAroundIt() throws Throwable {
		this.surroundings.required(() -> {
			int first = this.bookings.book(this.key, "a", NOTHING);
			assertThat(this.bookings.book(this.key, "a", NOTHING)).isEqualTo(first);
			assertThat(effects()).isZero();
		});
		assertThat(effects()).isEqualTo(1);
		this.bookings.book(this.key, "a", NOTHING);
		assertThat(effects()).isEqualTo(1);
	}

	@Test
	void callIsRolledBackWithTheTransactionAroundIt() throws Throwable {
		assertThatThrownBy(() -> this.surroundings.required(() -> {
			this.bookings.book(this.key, "a", NOTHING);
			throw new IllegalStateException("later");
		})).hasMessage("later");
		assertThat(effects()).isZero();
		this.bookings.book(this.key, "a", NOTHING);
		assertThat(effects()).isEqualTo(1);
	}

	@Test
	void transactionGoesOnAfterAReplay() throws Throwable {
		int first = this.bookings.book(this.key, "a", NOTHING);
		this.surroundings.required(() -> {
			assertThat(this.bookings.book(this.key, "a", NOTHING)).isEqualTo(first);
			this.bookings.writeOnly(this.key);
		});
		assertThat(effects()).isEqualTo(2);
	}

	@Test
	void transactionGoesOnAfterARefusal() throws Throwable {
		this.bookings.book(this.key, "a", () -> TransactionalApplication.elsewhere(() -> {
			runUnchecked(() -> this.surroundings.required(() -> {
				assertThatExceptionOfType(OperationInProgressException.class)
					.isThrownBy(() -> this.bookings.book(this.key, "a", NOTHING));
				this.bookings.writeOnly(this.key);
			}));
			return true;
		}));
		assertThat(effects()).isEqualTo(2);
	}

	private static void runUnchecked(Bookings.Body body) {
		try {
			body.run();
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void transactionAroundACallThatFailedCanOnlyBeRolledBack() throws Throwable {
		assertThatExceptionOfType(UnexpectedRollbackException.class).isThrownBy(() -> this.surroundings.required(() -> {
			this.bookings.writeOnly(this.key);
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> this.bookings.book(this.key, "a", () -> {
				throw new IOException("broken");
			}));
		}));
		assertThat(effects()).isZero();
		assertThat(this.bookings.book(this.key, "a", NOTHING)).isPositive();
	}

	@Test
	void savepointAroundACallThatFailedIsEnough() throws Throwable {
		this.surroundings.required(() -> {
			this.bookings.writeOnly(this.key);
			assertThatIllegalStateException()
				.isThrownBy(() -> this.surroundings.nested(() -> this.bookings.book(this.key, "a", () -> {
					throw new IllegalStateException("broken");
				})));
			assertThat(this.bookings.book(this.key, "b", NOTHING)).isPositive();
		});
		assertThat(effects()).isEqualTo(2);
	}

	@Test
	void readOnlyTransactionIsRefused() throws Throwable {
		assertThatIllegalStateException()
			.isThrownBy(() -> this.surroundings.readOnly(() -> this.bookings.book(this.key, "a", NOTHING)))
			.withMessageContainingAll("read-only", "readOnly = true");
		assertThat(this.bookings.book(this.key, "a", NOTHING)).isPositive();
	}

	@Test
	void transactionThatIsSuspendedIsNoneToJoin() throws Throwable {
		assertThatThrownBy(() -> this.surroundings.required(() -> {
			this.bookings.writeOnly(this.key);
			this.surroundings.notSupported(() -> this.bookings.book(this.key, "a", NOTHING));
			assertThat(effects()).isEqualTo(1);
			throw new IllegalStateException("later");
		})).hasMessage("later");
		assertThat(effects()).isEqualTo(1);
	}

	@Test
	void scopeWithoutATransactionIsLeftAsItWas() throws Throwable {
		JdbcTemplate sql = this.application.bean(JdbcTemplate.class);
		this.surroundings.supports(() -> {
			sql.queryForObject("SELECT 1", Integer.class);
			this.bookings.book(this.key, "a", NOTHING);
			assertThat(effects()).isEqualTo(1);
			assertThat(TransactionSynchronizationManager.isActualTransactionActive()).isFalse();
			assertThat(TransactionSynchronizationManager.isSynchronizationActive()).isTrue();
			sql.queryForObject("SELECT 1", Integer.class);
			assertThatIllegalStateException().isThrownBy(() -> this.bookings.bookInTransaction(this.key, () -> {
				throw new IllegalStateException("broken");
			}));
			assertThat(TransactionSynchronizationManager.isSynchronizationActive()).isTrue();
		});
		assertThat(effects()).isEqualTo(1);
	}

	@Test
	void callsInEachOtherAreCommittedTogether() throws Throwable {
		int first = this.bookings.bookInTransaction(this.key, () -> {
			this.bookings.book(this.key, "a", NOTHING);
			this.bookings.bookNested(this.key, NOTHING);
			assertThat(effects()).isZero();
		});
		assertThat(effects()).isEqualTo(3);
		assertThat(this.bookings.bookInTransaction(this.key, NOTHING)).isEqualTo(first);
		this.bookings.book(this.key, "a", NOTHING);
		this.bookings.bookNested(this.key, NOTHING);
		assertThat(effects()).isEqualTo(3);
	}

	@Test
	void callsInEachOtherAreRolledBackTogether() throws Throwable {
		assertThatIllegalStateException().isThrownBy(() -> this.bookings.bookInTransaction(this.key, () -> {
			this.bookings.book(this.key, "a", NOTHING);
			throw new IllegalStateException("broken");
		}));
		assertThatExceptionOfType(CommitFailedException.class)
			.isThrownBy(() -> this.bookings.bookInTransaction(this.key,
					() -> assertThatIllegalStateException().isThrownBy(() -> this.bookings.book(this.key, "a", () -> {
						throw new IllegalStateException("caught by the outer one");
					}))));
		assertThat(effects()).isZero();
		assertThat(this.bookings.book(this.key, "b", NOTHING)).isPositive();
		assertThat(this.bookings.bookInTransaction(this.key, NOTHING)).isPositive();
	}

	@Test
	void callWithinItselfIsInProgress() throws Throwable {
		this.bookings.book(this.key, "a", () -> assertThatExceptionOfType(OperationInProgressException.class)
			.isThrownBy(() -> this.bookings.book(this.key, "a", NOTHING)));
		assertThat(effects()).isEqualTo(1);
	}

	@Test
	void whatIsCommittedInATransactionOfItsOwnStays() throws Throwable {
		String own = this.key + "own";
		assertThatIllegalStateException().isThrownBy(() -> this.bookings.book(this.key, "a", () -> {
			this.surroundings.requiresNew(() -> this.bookings.writeOnly(own));
			throw new IllegalStateException("broken");
		}));
		assertThat(effects()).isZero();
		assertThat(this.application.effects(own)).isEqualTo(1);
	}

}
