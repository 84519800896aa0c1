package io.idempotency.store.jdbc;

import java.util.Map;
import java.util.UUID;

import io.idempotency.Idempotent;

import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Makes payments, each of which is another one in the database and in the answer. */
@RestController
class CrashPayments {

	private final JdbcTemplate sql;

	private final TransactionTemplate transactions;

	CrashPayments(JdbcTemplate sql, PlatformTransactionManager manager) {
		this.sql = sql;
		this.transactions = new TransactionTemplate(manager);
	}

	/** In the store's transaction if there is one, and else in its own. */
	@PostMapping("/payments")
	@Idempotent
	@ResponseStatus(HttpStatus.CREATED)
	Map<String, String> pay(@RequestBody Order order) {
		CrashTrigger.reach(CrashPoint.BEFORE_WRITE);
		String payment = UUID.randomUUID().toString();
		this.transactions.executeWithoutResult((status) -> {
			this.sql.update("INSERT INTO payment (order_id, payment) VALUES (?, ?)", order.order(), payment);
			CrashTrigger.paid(payment);
			CrashTrigger.reach(CrashPoint.WRITTEN);
		});
		return Map.of("payment", payment);
	}

	/** What is paid. */
	record Order(String order) {
	}

}
