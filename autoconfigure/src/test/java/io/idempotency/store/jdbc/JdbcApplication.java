package io.idempotency.store.jdbc;

import java.util.Map;

import io.idempotency.Idempotent;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** A small service with a database and without Redis. */
@Configuration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(JdbcApplication.Payments.class)
public class JdbcApplication {

	/**
	 * Starts it.
	 * @param arguments its port, as in {@code --server.port=8080}
	 */
	public static void main(String[] arguments) {
		new SpringApplicationBuilder(JdbcApplication.class)
			.properties("idempotency.store=jdbc", "spring.datasource.generate-unique-name=true")
			.run(arguments);
	}

	/** The service. */
	@RestController
	public static class Payments {

		private final JdbcTemplate sql;

		/** For Spring. */
		public Payments(JdbcTemplate sql) {
			this.sql = sql;
			sql.execute("CREATE TABLE payment (id int AUTO_INCREMENT PRIMARY KEY, amount int)");
		}

		/** Pays, within a transaction. */
		@PostMapping("/payments")
		@Idempotent
		@Transactional
		public ResponseEntity<Map<String, Object>> pay(@RequestBody Map<String, Object> payment) {
			this.sql.update("INSERT INTO payment (amount) VALUES (?)", payment.get("amount"));
			return ResponseEntity.status(201).body(payment);
		}

		/** How many payments there are. */
		@GetMapping("/payments")
		public long count() {
			Long count = this.sql.queryForObject("SELECT count(*) FROM payment", Long.class);
			return (count != null) ? count : 0;
		}

	}

}
