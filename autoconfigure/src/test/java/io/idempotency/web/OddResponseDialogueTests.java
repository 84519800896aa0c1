package io.idempotency.web;

import java.util.UUID;

import io.idempotency.testsupport.HttpDialogue;
import io.idempotency.testsupport.HttpDialogue.Answer;
import io.idempotency.testsupport.ServerUnderTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/** Rules 7, 11 and 16 for handlers and filters that do what few do, but may. */
class OddResponseDialogueTests {

	private static ConfigurableApplicationContext application;

	private static TestHandlers.Runs runs;

	private static HttpDialogue client;

	private final String key = UUID.randomUUID().toString();

	@BeforeAll
	static void start() {
		application = WebTestApplication.start(
				new Class<?>[] { OddResponseHandlers.Endings.class, OddResponseHandlers.Filters.class },
				"idempotency.http.max-response-size=100KB");
		runs = application.getBean(TestHandlers.Runs.class);
		client = WebTestApplication.client(application);
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@ParameterizedTest
	@CsvSource({ "error,100", "error,50000", "redirect,100", "redirect,50000", "closed-stream,100",
			"closed-stream,50000", "closed-writer,100" })
	void rule11WhatComesAfterTheEndOfAResponseIsDroppedAsByAContainer(String ending, int size) {
		Answer plain = client.send(client.request("POST", "/plain/" + ending + "/" + size, null));
		int before = runs.of(ending);
		Answer first = client.post("/idempotent/" + ending + "/" + size, this.key, null);
		Answer second = client.post("/idempotent/" + ending + "/" + size, this.key, null);
		assertThat(first.status()).isEqualTo(plain.status());
		assertThat(first.header("Location")).isEqualTo(plain.header("Location"));
		assertThat(first.text()).doesNotContain("xx");
		if (ending.startsWith("closed")) {
			assertThat(first.text()).isNotEmpty().isEqualTo(plain.text());
		}
		assertThat(second.isReplay()).isTrue();
		assertThat(second.status()).isEqualTo(first.status());
		assertThat(second.header("Location")).isEqualTo(first.header("Location"));
		assertThat(runs.of(ending)).isEqualTo(before + 1);
	}

	@Test
	void rule16FailureAfterTheResponseWasClosedDoesNotFreeTheKey() {
		client.post("/odd/closed-and-failed", this.key, null);
		assertThat(client.post("/odd/closed-and-failed", this.key, null).problem()).isEqualTo("response-not-kept");
		assertThat(runs.of("closed-and-failed")).isEqualTo(1);
	}

	@Test
	void rule13HandlerThatSendsAnErrorAndFailsFreesTheKey() {
		client.post("/odd/error-and-failed", this.key, null);
		client.post("/odd/error-and-failed", this.key, null);
		assertThat(runs.of("error-and-failed")).isEqualTo(2);
	}

	@Test
	void rule11WriterKeepsTheCharsetThatItHasBegunWith() {
		Answer plain = client.send(client.request("POST", "/written/plain-charset", null));
		Answer first = client.post("/written/charset", this.key, null);
		assertThat(plain.text()).isEqualTo("\u00e4\u00e4");
		assertThat(first.header("Content-Type")).isEqualTo(plain.header("Content-Type"));
		assertThat(first.text()).isEqualTo(plain.text());
	}

	/** The last two are too large to be kept, one of them only by its last bytes. */
	@ParameterizedTest
	@ValueSource(ints = { 1000, 20_000, 52_000, 300_000 })
	void filterOutsideMayHaveTakenTheWriter(int size) {
		String header = OddResponseHandlers.Filters.TAKES_THE_WRITER;
		Answer plain = client.send(client.request("POST", "/written/plain/" + size, null, header, "1"));
		Answer first = client.post("/written/idempotent/" + size, this.key, null, header, "1");
		Answer second = client.post("/written/idempotent/" + size, this.key, null);
		assertThat(plain.text()).hasSize(size + "<!-- footer -->".length());
		assertThat(first.status()).isEqualTo(200);
		assertThat(first.text()).isEqualTo(plain.text());
		if (size < 50_000) {
			assertThat(second.isReplay()).isTrue();
			assertThat(second.text()).startsWith("\u00e4\u00e4").contains("\u00e4".repeat(size));
		}
		else {
			assertThat(second.problem()).isEqualTo("response-not-kept");
		}
		assertThat(runs.of("written-" + size)).isEqualTo(2);
	}

	@Test
	void filterThatTriesAgainBeginsAnewAndIsProtected() {
		Answer first = client.post("/odd/retried", this.key, null, OddResponseHandlers.Filters.TRIES_AGAIN, "1");
		Answer second = client.post("/odd/retried", this.key, null);
		assertThat(second.status()).isEqualTo(200);
		assertThat(second.text()).isEqualTo("run 2");
		if (ServerUnderTest.on(false, true)) {
			// Tomcat lets nobody go down its chain twice
			assertThat(first.text()).isEqualTo("run 2");
			assertThat(second.isReplay()).isTrue();
		}
		assertThat(runs.of("retried")).isEqualTo(2);
	}

	@Test
	void filterMayBeRegisteredTwice() {
		Answer first = client.post("/odd/filtered-twice", this.key, "{\"amount\":1}");
		Answer second = client.post("/odd/filtered-twice", this.key, "{\"amount\":1}");
		assertThat(first.text()).isEqualTo("run 1");
		assertThat(second.text()).isEqualTo("run 1");
		assertThat(second.isReplay()).isTrue();
		assertThat(runs.of("filtered-twice")).isEqualTo(1);
	}

	@Test
	void rule7BodyThatAFilterHasReadCannotBeCompared() {
		assertThat(
				client.post("/odd/unread", this.key, "{\"amount\":1}", OddResponseHandlers.Filters.READS, "1").status())
			.isEqualTo(500);
		assertThat(runs.of("unread")).isZero();
		Answer first = client.post("/odd/unread", this.key, "{\"amount\":1}");
		assertThat(first.text()).isEqualTo("run 1");
	}

	@Test
	void rule7BodyThatAHandlerHasReadBeforeItDispatchedIsCompared() {
		int before = runs.of("unread");
		Answer first = client.post("/odd/starts", this.key, "{\"amount\":1}");
		assertThat(client.post("/odd/starts", this.key, "{\"amount\":1000000}").text()).doesNotContain("run");
		assertThat(first.status()).isIn(200, 500);
		assertThat(runs.of("unread")).isEqualTo((first.status() == 200) ? before + 1 : before);
	}

	@Test
	void rule7FieldIsNoFileWithoutAName() {
		String type = "multipart/form-data; boundary=b";
		Answer field = client.post("/odd/parts", this.key, part("name=\"amount\""), "Content-Type", type);
		assertThat(field.text()).startsWith("5");
		assertThat(client.post("/odd/parts", this.key, part("name=\"amount\"; filename=\"\""), "Content-Type", type)
			.problem()).isEqualTo("payload-mismatch");
	}

	private static String part(String disposition) {
		return "--b\r\nContent-Disposition: form-data; " + disposition + "\r\n\r\n5\r\n--b--\r\n";
	}

}
