package io.idempotency.benchmarks.http;

import java.math.BigDecimal;

/** The one request body and the one response body of every endpoint. */
final class Payload {

	static final String REQUEST = """
			{"account":"alice","recipient":"bob","amount":25.00,"currency":"EUR","reference":"inv-2024-000123",\
			"note":"Payment of the invoice of last month, as agreed with the accounts department on the telephone"}""";

	/** 105 bytes. */
	static final String RESPONSE = """
			{"id":"pay-000000000001","account":"alice","amount":25.00,"currency":"EUR","reference":"inv-2024-000123"}""";

	private Payload() {
	}

	record Order(String account, String recipient, BigDecimal amount, String currency, String reference, String note) {
	}

	record Receipt(String id, String account, BigDecimal amount, String currency, String reference) {

		static Receipt of(Order order) {
			return new Receipt("pay-000000000001", order.account(), order.amount(), order.currency(),
					order.reference());
		}

	}

}
