package io.idempotency.sample;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.idempotency.sample.testsupport.Answer;
import io.idempotency.sample.testsupport.PaymentClient;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

import org.springframework.beans.factory.annotation.Autowired;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The application with all its defaults, asked over HTTP. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class PaymentDialogueIT {

	private static final String CLAIMS = "idempotency.store?tag=command:claim";

	@Autowired
	private JdbcClient jdbc;

	@LocalServerPort
	private int port;

	private PaymentClient client;

	@BeforeEach
	void connect() {
		this.client = new PaymentClient(this.port);
	}

	@Test
	void retryGetsTheFirstAnswerAndChargesNothing() {
		Answer first = this.client.pay("retry");
		assertThat(first.status()).isEqualTo(201);
		assertThat(first.header("Idempotent-Replayed")).isNull();
		assertThat(first.text()).isEqualTo("{\"id\":" + first.json("$.id")
				+ ",\"account\":\"alice\",\"amount\":25.00,\"currency\":\"EUR\",\"reference\":\"retry\"}");
		assertThat(first.header("Location")).isEqualTo("/payments/" + first.json("$.id"));

		Answer retry = this.client.pay("retry");
		assertThat(retry.status()).isEqualTo(201);
		assertThat(retry.isReplay()).isTrue();
		assertThat(retry.bytes()).isEqualTo(first.bytes());
		assertThat(retry.header("Location")).isEqualTo(first.header("Location"));
		assertThat(retry.header("Content-Type")).isEqualTo(first.header("Content-Type"));
		assertThat(executions("retry")).isEqualTo(1);
		assertThat(this.client.get(first.header("Location")).bytes()).isEqualTo(first.bytes());
	}

	@Test
	void paymentMovesMoneyOnce() {
		String body = "{\"account\":\"bob\",\"amount\":0.5,\"currency\":\"EUR\",\"reference\":\"small\"}";
		assertThat(this.client.post("/payments", "small", body).text()).contains("\"amount\":0.50,");
		assertThat(this.client.post("/payments", "small", body).isReplay()).isTrue();
		assertThat(this.client.get("/accounts/bob").text())
			.isEqualTo("{\"id\":\"bob\",\"owner\":\"Bob\",\"balance\":999999.50}");
	}

	@Test
	void unprotectedRetryChargesAgain() {
		this.client.post("/unprotected/payments", "unprotected", PaymentClient.payment("unprotected"));
		this.client.post("/unprotected/payments", "unprotected", PaymentClient.payment("unprotected"));
		assertThat(executions("unprotected")).isEqualTo(2);
	}

	@Test
	void duplicateOfARunningPaymentIsToldToComeAgain() {
		double claims = this.client.metric(CLAIMS);
		CompletableFuture<Answer> first = this.client.payAsync("conflict", "X-Demo-Delay", "2s");
		await().pollInterval(Duration.ofMillis(20)).until(() -> this.client.metric(CLAIMS) > claims);
		Answer duplicate = this.client.pay("conflict");
		assertThat(first).isNotDone();
		assertThat(duplicate.status()).isEqualTo(409);
		assertThat(duplicate.problem()).isEqualTo("in-progress");
		assertThat(duplicate.header("Retry-After")).isEqualTo("1");
		assertThat(first.join().status()).isEqualTo(201);
		assertThat(this.client.pay("conflict").bytes()).isEqualTo(first.join().bytes());
		assertThat(executions("conflict")).isEqualTo(1);
	}

	@Test
	void duplicateOfAPatientPaymentWaits() {
		CompletableFuture<Answer> first = this.client.postAsync("/payments/waiting", "patient",
				PaymentClient.payment("patient"), "X-Demo-Delay", "1s");
		CompletableFuture<Answer> second = this.client.postAsync("/payments/waiting", "patient",
				PaymentClient.payment("patient"), "X-Demo-Delay", "1s");
		assertThat(first.join().status()).isEqualTo(201);
		assertThat(second.join().status()).isEqualTo(201);
		assertThat(first.join().bytes()).isEqualTo(second.join().bytes());
		assertThat(first.join().isReplay()).isNotEqualTo(second.join().isReplay());
		assertThat(executions("patient")).isEqualTo(1);
	}

	@Test
	void keyOfAnotherPaymentIsRefused() {
		this.client.pay("mismatch");
		Answer other = this.client.post("/payments", "mismatch", PaymentClient.payment("another"));
		assertThat(other.status()).isEqualTo(422);
		assertThat(other.problem()).isEqualTo("payload-mismatch");
		assertThat(executions("another")).isZero();
		assertThat(this.client.pay("mismatch").isReplay()).isTrue();
	}

	@Test
	void keyIsRequired() {
		Answer answer = this.client.post("/payments", null, PaymentClient.payment("keyless"));
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.problem()).isEqualTo("key-missing");
		assertThat(executions("keyless")).isZero();
	}

	@Test
	void invalidPaymentBurnsNoKey() {
		Answer invalid = this.client.post("/payments", "invalid", PaymentClient.payment(""));
		assertThat(invalid.status()).isEqualTo(400);
		assertThat(this.client.pay("invalid").status()).isEqualTo(201);
	}

	@Test
	void failureBeforeTheChargeFreesTheKey() {
		assertThat(this.client.pay("fails", "X-Demo-Fail", "before").status()).isEqualTo(500);
		assertThat(executions("fails")).isZero();
		Answer retry = this.client.pay("fails");
		assertThat(retry.status()).isEqualTo(201);
		assertThat(retry.isReplay()).isFalse();
		assertThat(executions("fails")).isEqualTo(1);
	}

	/** A handler that throws says that nothing happened; this one lies. */
	@Test
	void failureAfterTheChargeFreesTheKeyToo() {
		assertThat(this.client.pay("lies", "X-Demo-Fail", "after").status()).isEqualTo(500);
		assertThat(executions("lies")).isEqualTo(1);
		assertThat(this.client.pay("lies").status()).isEqualTo(201);
		assertThat(executions("lies")).isEqualTo(2);
	}

	@ParameterizedTest
	@CsvSource({ "X-Demo-Delay,61s", "X-Demo-Delay,-1s", "X-Demo-Delay,soon", "X-Demo-Fail,never" })
	void mistakenFaultIsRefusedAndBurnsNoKey(String header, String value) {
		String key = header + value;
		Answer answer = this.client.pay(key, header, value);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.<String>json("$.detail")).startsWith(header);
		assertThat(this.client.pay(key).status()).isEqualTo(201);
	}

	@ParameterizedTest
	@CsvSource({ "carol,10,404", "alice,2000000,402" })
	void refusalIsFinalAndReplayed(String account, String amount, int status) {
		String body = "{\"account\":\"" + account + "\",\"amount\":" + amount
				+ ",\"currency\":\"EUR\",\"reference\":\"refused\"}";
		Answer first = this.client.post("/payments", "refused-" + account, body);
		Answer retry = this.client.post("/payments", "refused-" + account, body);
		assertThat(first.status()).isEqualTo(status);
		assertThat(first.header("Content-Type")).isEqualTo("application/problem+json");
		assertThat(first.isReplay()).isFalse();
		assertThat(retry.isReplay()).isTrue();
		assertThat(retry.status()).isEqualTo(status);
		assertThat(retry.bytes()).isEqualTo(first.bytes());
		assertThat(executions("refused")).isZero();
	}

	@ParameterizedTest
	@CsvSource({ "/,text/html", "/index.html,text/html", "/page.css,text/css", "/js/page.js,text/javascript" })
	void thereIsAPage(String path, String type) {
		Answer answer = this.client.get(path);
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.header("Content-Type")).startsWith(type);
	}

	@Test
	void unknownPaymentIsAProblem() {
		Answer answer = this.client.get("/payments/4711");
		assertThat(answer.status()).isEqualTo(404);
		assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
	}

	@Test
	void duplicatesAreCounted() {
		this.client.pay("counted");
		double before = this.client.metric("idempotency.duplicates");
		this.client.pay("counted");
		assertThat(this.client.metric("idempotency.duplicates")).isEqualTo(before + 1);
		assertThat(this.client.get("/actuator/health").<String>json("$.status")).isEqualTo("UP");
	}

	private long executions(String reference) {
		return this.jdbc
			.sql("select count(*) from ledger join payment on payment.id = ledger.payment where payment.reference = ?")
			.param(reference)
			.query(Long.class)
			.single();
	}

}
