package io.idempotency.sample;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.jdbc.support.KeyHolder;
import org.springframework.stereotype.Repository;

/** The tables of {@code schema.sql}. */
@Repository
class PaymentRepository {

	private final JdbcClient jdbc;

	PaymentRepository(JdbcClient jdbc) {
		this.jdbc = jdbc;
	}

	/** Takes money from an account if it is there. */
	boolean withdraw(String account, BigDecimal amount) {
		return this.jdbc.sql("update account set balance = balance - :amount where id = :id and balance >= :amount")
			.param("id", account)
			.param("amount", amount)
			.update() == 1;
	}

	Payment addPayment(PaymentRequest request, BigDecimal amount) {
		KeyHolder id = new GeneratedKeyHolder();
		this.jdbc
			.sql("insert into payment (account, amount, currency, reference)"
					+ " values (:account, :amount, :currency, :reference)")
			.param("account", request.account())
			.param("amount", amount)
			.param("currency", request.currency())
			.param("reference", request.reference())
			.update(id, "id");
		return new Payment(Objects.requireNonNull(id.getKey()).longValue(), request.account(), amount,
				request.currency(), request.reference());
	}

	void addEntry(Payment payment) {
		this.jdbc.sql("insert into ledger (payment, account, amount) values (:payment, :account, :amount)")
			.param("payment", payment.id())
			.param("account", payment.account())
			.param("amount", payment.amount().negate())
			.update();
	}

	Optional<Account> account(String id) {
		return this.jdbc.sql("select id, owner, balance from account where id = :id")
			.param("id", id)
			.query(Account.class)
			.optional();
	}

	Optional<Payment> payment(long id) {
		return this.jdbc.sql("select id, account, amount, currency, reference from payment where id = :id")
			.param("id", id)
			.query(Payment.class)
			.optional();
	}

	List<Payment> payments() {
		return this.jdbc.sql("select id, account, amount, currency, reference from payment order by id")
			.query(Payment.class)
			.list();
	}

	List<LedgerEntry> ledger() {
		return this.jdbc.sql("select id, payment, account, amount, at from ledger order by id")
			.query(LedgerEntry.class)
			.list();
	}

}
