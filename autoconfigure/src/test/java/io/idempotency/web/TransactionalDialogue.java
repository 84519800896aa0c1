package io.idempotency.web;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import com.zaxxer.hikari.HikariDataSource;
import io.idempotency.testsupport.HttpDialogue;
import io.idempotency.testsupport.HttpDialogue.Answer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Handlers whose writes, records and answers are one transaction: what a caller sees,
 * what is in the tables, and what the next call with the key does.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TransactionalDialogue {

	private ConfigurableApplicationContext application;

	private HttpDialogue http;

	private TransactionalLedger ledger;

	private TransactionalHandlers handlers;

	/** What has the transactions. */
	abstract Class<?> transactions();

	@BeforeAll
	void start() {
		this.application = WebTestApplication.start(
				new Class<?>[] { TransactionalHandlers.class, Application.class, transactions() },
				"idempotency.store=jdbc-transactional", "idempotency.http.max-response-size=4KB",
				"spring.datasource.hikari.connection-timeout=5000");
		this.http = WebTestApplication.client(this.application);
		this.ledger = this.application.getBean(TransactionalLedger.class);
		this.handlers = this.application.getBean(TransactionalHandlers.class);
	}

	@AfterAll
	void stop() {
		this.application.close();
	}

	@BeforeEach
	void clear() {
		this.ledger.clear();
	}

	@AfterEach
	void noConnectionIsLeftBehind() {
		HikariDataSource pool = this.application.getBean(HikariDataSource.class);
		await().until(() -> pool.getHikariPoolMXBean().getActiveConnections() == 0);
	}

	private Answer post(String path) {
		return this.http.post("/transactional/" + path, "key", "{}");
	}

	@Test
	void writesRecordAndAnswerAreCommittedTogether() {
		Answer first = post("created");
		assertThat(first.status()).isEqualTo(201);
		assertThat(first.isReplay()).isFalse();
		assertThat(this.ledger.entries()).containsExactly("created");
		assertThat(this.ledger.records()).isEqualTo(1);
		assertReplayed(first, post("created"));
		assertThat(this.http.post("/transactional/created", "key", "{\"other\":1}").problem())
			.isEqualTo("payload-mismatch");
		assertThat(this.http.post("/transactional/created", "KEY", "{}").text()).isNotEqualTo(first.text());
	}

	/** That of the application's exception handler. */
	int statusOfAFailureBeforeTheCommit() {
		return 418;
	}

	private static void assertReplayed(Answer first, Answer replay) {
		assertThat(replay.isReplay()).isTrue();
		assertThat(replay.status()).isEqualTo(first.status());
		assertThat(replay.bytes()).isEqualTo(first.bytes());
		assertThat(replay.header("Location")).isEqualTo(first.header("Location"));
	}

	@Test
	void redirectIsASuccess() {
		HttpDialogue.Answer first = post("redirect");
		assertThat(first.status()).isEqualTo(303);
		assertThat(this.ledger.entries()).containsExactly("redirect");
		assertReplayed(first, post("redirect"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "throws/402", "returns/402", "throws/404", "returns/422" })
	void businessErrorTakesTheWritesBackAndIsReplayed(String path) {
		Answer first = post(path);
		assertThat(first.status()).isEqualTo(Integer.parseInt(path.substring(path.length() - 3)));
		assertThat(this.ledger.entries()).isEmpty();
		assertThat(this.ledger.records()).isEqualTo(1);
		Answer replay = post(path);
		assertThat(replay.isReplay()).isTrue();
		assertThat(replay.status()).isEqualTo(first.status());
	}

	@Test
	void exceptionTakesTheWritesBackWhateverIsMadeOfIt() {
		Answer first = post("mapped-to-ok");
		assertThat(first.status()).isEqualTo(200);
		assertThat(this.ledger.entries()).isEmpty();
		assertReplayed(first, post("mapped-to-ok"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "throws/409", "throws/429", "returns/409", "throws/500", "returns/503", "unhandled",
			"error", "unreadable", "streams-and-fails", "asynchronous" })
	void whatIsNotStoredLeavesNothingAndRunsAgain(String path) {
		for (int i = 0; i < 2; i++) {
			Answer answer = post(path);
			assertThat(answer.status()).isGreaterThanOrEqualTo(409);
			assertThat(answer.isReplay()).isFalse();
			assertThat(answer.bytes().length).isLessThan(50_000);
			assertThat(this.ledger.entries()).isEmpty();
			assertThat(this.ledger.records()).isZero();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "inner-fails", "commit-fails", "connection-lost" })
	void whatIsNotCommittedIsNotAnsweredAsIfItWere(String path) {
		for (int i = 0; i < 2; i++) {
			Answer answer = post(path);
			assertThat(answer.status()).isEqualTo(503);
			assertThat(answer.problem()).isEqualTo("commit-failed");
			assertThat(answer.text()).contains("\"retryable\":true").doesNotContain("done");
			assertThat(answer.header("Retry-After")).isEqualTo("1");
			assertThat(answer.header("X-Entry")).isNull();
			assertThat(answer.header("Set-Cookie")).isNull();
			assertThat(this.ledger.entries()).isEmpty();
			assertThat(this.ledger.records()).isZero();
		}
	}

	@Test
	void headersOfOuterFiltersOutliveACommitThatFails() {
		assertThat(post("commit-fails").header("X-Outer")).isEqualTo("yes");
	}

	@Test
	void applicationAnswersACommitThatFailsWithItsOwnHandler() {
		Answer answer = post("violates");
		assertThat(answer.status()).isEqualTo(statusOfAFailureBeforeTheCommit());
		assertThat(this.ledger.entries()).isEmpty();
		assertThat(post("violates").isReplay()).isFalse();
	}

	@Test
	void whatFailsAfterTheCommitChangesNoAnswer() {
		Answer first = post("after-commit-fails");
		assertThat(first.status()).isEqualTo(201);
		assertThat(this.ledger.entries()).containsExactly("after commit");
		assertReplayed(first, post("after-commit-fails"));
	}

	@Test
	void newTransactionInsideIsCommittedByItself() {
		assertThat(post("audited/201").status()).isEqualTo(201);
		assertThat(this.ledger.entries()).containsExactlyInAnyOrder("outer", "audit");
		assertThat(post("audited/201").isReplay()).isTrue();
		this.ledger.clear();
		assertThat(post("audited/500").status()).isEqualTo(500);
		assertThat(this.ledger.entries()).containsExactly("audit");
		assertThat(post("audited/500").isReplay()).isFalse();
		assertThat(this.ledger.entries()).containsExactly("audit", "audit");
	}

	@Test
	void responseThatIsTooLargeIsSentAfterTheCommitAndNotKept() {
		Answer first = post("large");
		assertThat(first.status()).isEqualTo(200);
		assertThat(first.bytes()).hasSize(5000);
		assertThat(this.ledger.entries()).containsExactly("large");
		assertThat(post("large").problem()).isEqualTo("response-not-kept");
		assertThat(this.ledger.entries()).containsExactly("large");
	}

	@Test
	void idempotentMethodsInsideArePartOfTheTransaction() {
		Answer first = post("inner-idempotent");
		assertThat(this.ledger.entries()).containsExactly("inner");
		assertThat(this.ledger.records()).isEqualTo(2);
		assertThat(first.text()).matches("(\\d+) \\1");
		assertReplayed(first, post("inner-idempotent"));
	}

	@Test
	void answerThatIsNotFinalIsCommittedWithoutARecord() {
		Answer first = post("provisional");
		assertThat(first.status()).isEqualTo(200);
		assertThat(this.ledger.entries()).containsExactly("provisional");
		assertThat(this.ledger.records()).isZero();
		Answer second = post("provisional");
		assertThat(second.isReplay()).isFalse();
		assertThat(second.text()).isNotEqualTo(first.text());
	}

	@Test
	void transactionThatAFilterHasOpenedAroundTheHandlerIsRefused() {
		Answer answer = this.http.post("/transactional/created", "key", "{}", "X-Transaction", "around");
		assertThat(answer.status()).isEqualTo(500);
		assertThat(this.ledger.entries()).isEmpty();
		assertThat(this.ledger.records()).isZero();
		assertThat(post("created").status()).isEqualTo(201);
	}

	@Test
	void callWithoutAKeyHasNoTransaction() {
		assertThat(this.http.send(this.http.request("POST", "/transactional/optional", "{}")).text())
			.startsWith("false ");
		assertThat(post("optional").text()).startsWith("true ");
	}

	@Test
	void duplicateInFlightIsRefusedAtOnce() throws Exception {
		CountDownLatch gate = this.handlers.closeGate();
		CompletableFuture<Answer> first = this.http.postAsync("/transactional/created", "key", "{}");
		this.handlers.awaitArrival();
		Answer duplicate = post("created");
		assertThat(duplicate.problem()).isEqualTo("in-progress");
		assertThat(duplicate.header("Retry-After")).isEqualTo("1");
		// what the first call asks for cannot be seen yet
		assertThat(this.http.post("/transactional/created", "key", "{\"other\":1}").problem()).isEqualTo("in-progress");
		gate.countDown();
		assertReplayed(first.get(), post("created"));
		assertThat(this.ledger.entries()).containsExactly("created");
	}

	@Test
	void duplicatesWaitWithoutAConnection() throws Exception {
		CountDownLatch gate = this.handlers.closeGate();
		CompletableFuture<Answer> first = this.http.postAsync("/transactional/waited-for", "key", "{}");
		this.handlers.awaitArrival();
		// more than the pool has connections
		List<CompletableFuture<Answer>> duplicates = IntStream.range(0, 30)
			.mapToObj((i) -> this.http.postAsync("/transactional/waited-for", "key", "{}"))
			.toList();
		await().during(Duration.ofMillis(500)).until(() -> duplicates.stream().noneMatch(CompletableFuture::isDone));
		gate.countDown();
		for (CompletableFuture<Answer> duplicate : duplicates) {
			assertReplayed(first.get(), duplicate.get());
		}
		assertThat(this.ledger.entries()).containsExactly("created");
	}

	@Test
	void outcomesAreCounted() {
		MeterRegistry meters = this.application.getBean(MeterRegistry.class);
		double before = count(meters);
		post("commit-fails");
		assertThat(count(meters)).isEqualTo(before + 1);
	}

	private static double count(MeterRegistry meters) {
		return meters.find("idempotency.operations")
			.tag("outcome", "commit_failed")
			.timers()
			.stream()
			.mapToLong(Timer::count)
			.sum();
	}

	ConfigurableApplicationContext application() {
		return this.application;
	}

	HttpDialogue http() {
		return this.http;
	}

	TransactionalLedger ledger() {
		return this.ledger;
	}

	/** The service. */
	@Configuration(proxyBeanMethods = false)
	@Import(TransactionalLedger.class)
	static class Application {

		@Bean
		ResponseStoragePolicy policy() {
			return (response) -> response.storedByStatus() && !response.headers().containsHeader("X-Provisional");
		}

		@Bean
		Filter transaction(PlatformTransactionManager manager) {
			return (request, response, chain) -> {
				if (((HttpServletRequest) request).getHeader("X-Transaction") == null) {
					chain.doFilter(request, response);
					return;
				}
				TransactionStatus status = manager.getTransaction(new DefaultTransactionDefinition());
				try {
					chain.doFilter(request, response);
				}
				finally {
					manager.rollback(status);
				}
			};
		}

		@Bean
		Filter outer() {
			return (request, response, chain) -> {
				((HttpServletResponse) response).setHeader("X-Outer", "yes");
				chain.doFilter(request, response);
			};
		}

	}

}
