package io.idempotency.web;

import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.idempotency.Idempotent;
import io.idempotency.testsupport.HttpDialogue;
import io.idempotency.testsupport.HttpDialogue.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Rule 12: a bean of the application decides by response and exception. */
class StoragePolicyDialogueTests {

	private static ConfigurableApplicationContext application;

	private static TestHandlers.Runs runs;

	private static Policy policy;

	private static HttpDialogue client;

	private final String key = UUID.randomUUID().toString();

	@BeforeAll
	static void start() {
		application = WebTestApplication.start(new Class<?>[] { Policy.class, Transfers.class },
				"idempotency.http.max-response-size=1KB");
		runs = application.getBean(TestHandlers.Runs.class);
		policy = application.getBean(Policy.class);
		client = WebTestApplication.client(application);
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@BeforeEach
	void reset() {
		policy.decision = (response) -> response.storedByStatus();
		policy.seen.set(null);
	}

	@Test
	void rule12PolicySeesWhatTheClientGets() {
		Answer first = client.post("/transfers/ok", this.key, null, "X-Outcome", "partial");
		FinishedResponse seen = policy.seen.get();
		assertThat(seen.operation()).isEqualTo("POST /transfers/{kind}");
		assertThat(seen.status()).isEqualTo(200);
		assertThat(seen.headers().getFirst("X-Outcome")).isEqualTo("partial");
		assertThat(seen.headers().getFirst("Content-Type")).isEqualTo(first.header("Content-Type"));
		assertThat(seen.exception()).isNull();
		assertThat(seen.storedByStatus()).isTrue();
		assertThat(seen.toString()).doesNotContain("partial");
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> seen.headers().set("X-Outcome", "changed"));
	}

	@Test
	void rule12PolicyDecidesByHeader() {
		policy.decision = (response) -> response.storedByStatus()
				&& !"partial".equals(response.headers().getFirst("X-Outcome"));
		int before = runs.of("transfers-ok");
		assertThat(client.post("/transfers/ok", this.key, null, "X-Outcome", "partial").status()).isEqualTo(200);
		Answer whole = client.post("/transfers/ok", this.key, null, "X-Outcome", "whole");
		assertThat(whole.isReplay()).isFalse();
		assertThat(client.post("/transfers/ok", this.key, null, "X-Outcome", "partial").text()).isEqualTo(whole.text());
		assertThat(runs.of("transfers-ok")).isEqualTo(before + 2);
	}

	@ParameterizedTest
	@CsvSource({ "declined,422,Declined", "broken,500,Broken", "status,502,ResponseStatusException",
			"error,503,AssertionError" })
	void rule12PolicyDecidesByException(String kind, int status, String exception) {
		policy.decision = (response) -> !response.storedByStatus();
		boolean byStatus = status < 500;
		Answer first = client.post("/transfers/" + kind, this.key, null);
		assertThat(first.status()).isEqualTo(status);
		assertThat(policy.seen.get().exception()).isNotNull();
		assertThat(policy.seen.get().exception().getClass().getSimpleName()).isEqualTo(exception);
		assertThat(policy.seen.get().storedByStatus()).isEqualTo(byStatus);
		Answer second = client.post("/transfers/" + kind, this.key, null);
		assertThat(second.status()).isEqualTo(status);
		assertThat(second.isReplay()).isEqualTo(!byStatus);
		// the container renders an error anew, with the time of now
		if (!kind.equals("status")) {
			assertThat(second.text().equals(first.text())).isEqualTo(!byStatus);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	@ExtendWith(OutputCaptureExtension.class)
	void rule16PolicyThatFailsLosesNothing(boolean error, CapturedOutput output) {
		policy.decision = (response) -> {
			if (error) {
				throw new StackOverflowError("made to fail");
			}
			throw new IllegalStateException("made to fail");
		};
		int before = runs.of("transfers-ok");
		Answer first = client.post("/transfers/ok", this.key, null);
		assertThat(first.status()).isEqualTo(200);
		Answer second = client.post("/transfers/ok", this.key, null);
		assertThat(second.isReplay()).isTrue();
		assertThat(second.text()).isEqualTo(first.text());
		assertThat(runs.of("transfers-ok")).isEqualTo(before + 1);
		assertThat(output).contains("The ResponseStoragePolicy failed on a response of POST /transfers/{kind}")
			.doesNotContain(this.key);
		// a status that frees the key frees it as well
		String other = UUID.randomUUID().toString();
		assertThat(client.post("/transfers/broken", other, null).status()).isEqualTo(500);
		Answer again = client.post("/transfers/broken", other, null);
		assertThat(again.status()).isEqualTo(500);
		assertThat(again.isReplay()).isFalse();
	}

	@Test
	void rule16PolicyIsNotAskedWhereTheValueCouldNotBeRendered() {
		policy.decision = (response) -> false;
		int before = runs.of("unwritable");
		assertThat(client.post("/unwritable", this.key, null).status()).isEqualTo(500);
		assertThat(client.post("/unwritable", this.key, null).problem()).isEqualTo("response-not-kept");
		assertThat(runs.of("unwritable")).isEqualTo(before + 1);
		assertThat(policy.seen.get()).isNull();
	}

	@Test
	void rule13PolicyIsNotAskedWhereAnExceptionReachedTheContainer() {
		policy.decision = (response) -> true;
		int before = runs.of("throws-unhandled");
		client.post("/throws/unhandled", this.key, null);
		client.post("/throws/unhandled", this.key, null);
		assertThat(runs.of("throws-unhandled")).isEqualTo(before + 2);
		assertThat(policy.seen.get()).isNull();
	}

	@Test
	void rule15PolicyMayFreeAResponseThatIsTooLarge() {
		AtomicInteger asked = new AtomicInteger();
		policy.decision = (response) -> asked.incrementAndGet() < 0;
		int before = runs.of("large");
		assertThat(client.post("/large?size=3000", this.key, null).status()).isEqualTo(200);
		// the client has such a response before its key is free
		await().until(() -> client.post("/large?size=3000", this.key, null).status() == 200);
		await().until(() -> asked.get() == 2);
		assertThat(runs.of("large")).isEqualTo(before + 2);
	}

	@Test
	void replaysAndRefusalsAreNotItsBusiness() {
		client.post("/transfers/ok", this.key, null);
		policy.seen.set(null);
		assertThat(client.post("/transfers/ok", this.key, null).isReplay()).isTrue();
		assertThat(client.post("/transfers/ok", this.key, "{}").status()).isEqualTo(422);
		assertThat(client.post("/optional", "", null).status()).isEqualTo(400);
		assertThat(client.send(client.request("POST", "/optional", null)).status()).isEqualTo(200);
		assertThat(policy.seen.get()).isNull();
	}

	static class Policy implements ResponseStoragePolicy {

		final AtomicReference<FinishedResponse> seen = new AtomicReference<>();

		volatile ResponseStoragePolicy decision = (response) -> response.storedByStatus();

		@Override
		public boolean isStored(FinishedResponse response) {
			this.seen.set(response);
			return this.decision.isStored(response);
		}

	}

	static class Declined extends RuntimeException {

		private static final long serialVersionUID = 1L;

	}

	static class Broken extends Exception {

		private static final long serialVersionUID = 1L;

	}

	@RestController
	static class Transfers {

		private final TestHandlers.Runs runs;

		Transfers(TestHandlers.Runs runs) {
			this.runs = runs;
		}

		@Idempotent
		@PostMapping("/transfers/{kind}")
		ResponseEntity<String> transfer(@PathVariable String kind,
				@RequestHeader(name = "X-Outcome", defaultValue = "whole") String outcome) throws Broken {
			int run = this.runs.count("transfers-" + kind);
			switch (kind) {
				case "declined" -> throw new Declined();
				case "broken" -> throw new Broken();
				case "status" -> throw new ResponseStatusException(HttpStatus.BAD_GATEWAY, "run " + run);
				case "error" -> throw new AssertionError("an error");
				default -> {
					return ResponseEntity.ok().header("X-Outcome", outcome).body("run " + run);
				}
			}
		}

		@ExceptionHandler
		ResponseEntity<String> declined(Declined ex) {
			return ResponseEntity.status(422).body("declined " + this.runs.of("transfers-declined"));
		}

		@ExceptionHandler
		ResponseEntity<String> broken(Broken ex) {
			return ResponseEntity.status(500).body("broken " + this.runs.of("transfers-broken"));
		}

		@ExceptionHandler
		ResponseEntity<String> error(AssertionError ex) {
			return ResponseEntity.status(503).body("error " + this.runs.of("transfers-error"));
		}

	}

}
