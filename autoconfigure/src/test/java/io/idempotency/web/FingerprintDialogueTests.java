package io.idempotency.web;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import io.idempotency.testsupport.HttpDialogue;
import io.idempotency.testsupport.HttpDialogue.Answer;
import io.idempotency.testsupport.JsonTexts;
import io.idempotency.testsupport.ServerUnderTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.context.ConfigurableApplicationContext;

import static java.net.http.HttpRequest.BodyPublishers.ofByteArray;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rules 7 and 8 over a socket: a request with the same key is accepted if and only if it
 * means the same, while the first one runs and when it is done.
 */
@TestInstance(Lifecycle.PER_CLASS)
class FingerprintDialogueTests {

	private static final int HUNG_UP = -1;

	private static final int MEGABYTE = 1 << 20;

	/** New ones in each run; a failure names the one that it comes from. */
	private static final long SEED = new Random().nextLong();

	private ConfigurableApplicationContext application;

	private BodyHandlers.Gate gate;

	private HttpDialogue client;

	@BeforeAll
	void start() {
		this.application = WebTestApplication.start(
				new Class<?>[] { BodyHandlers.Annotated.class, BodyHandlers.Plain.class, BodyHandlers.Gate.class,
						AllocationFilter.class },
				"logging.level.root=error", "server.max-http-request-header-size=32KB");
		this.gate = this.application.getBean(BodyHandlers.Gate.class);
		this.client = WebTestApplication.client(this.application);
	}

	@AfterAll
	void stop() {
		this.application.close();
	}

	static LongStream seeds() {
		return new Random(SEED).longs(150);
	}

	@ParameterizedTest
	@MethodSource("seeds")
	void rule8EqualByMeaningIfAndOnlyIfAccepted(long seed) throws Exception {
		JsonTexts style = new JsonTexts(seed);
		Object value = style.value();
		String first = style.write(value);
		String same = style.write(value);
		String other = style.write(style.mutate(value));
		assertAccepted("drain", "application/json", first, "drain", "application/json", same, true);
		assertAccepted("drain", "application/json", first, "drain", "application/json", other, false);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '\0', nullValues = "none", value = {
			"drain|application/json|1|drain|application/json|1.0|true",
			"drain|application/json|{\"a\":1,\"b\":2}|drain|application/json|{\"b\":2,\"a\":1e0}|true",
			"drain|application/json|1|drain|APPLICATION/JSON; charset=utf-8|1|true",
			"steps/map|application/x-www-form-urlencoded|a=1&b=2|steps/map|application/x-www-form-urlencoded|b=2&a=%31|true",
			"steps/map|application/x-www-form-urlencoded|a=1&a=2|steps/map|application/x-www-form-urlencoded|a=2&a=1|false",
			"drain|application/json|1|drain|application/vnd.api+json|1|false",
			"drain|application/json|1|drain|text/plain|1|false",
			"drain|text/plain;charset=utf-8|1|drain|text/plain;charset=iso-8859-1|1|false",
			"drain|text/plain|1|drain|text/plain|1.0|false", "drain|none|1|drain|text/plain|1|false",
			"steps/one|text/plain|1|steps/one-one|text/plain|1|false",
			"steps/stream|text/plain|1|steps/reader|text/plain|1|false",
			"drain?amount=10|text/plain|1|drain?amount=99|text/plain|1|false",
			"drain?a=1&b=2|text/plain|1|drain?b=2&a=1|text/plain|1|false",
			"drain?amount=10|text/plain|1|drain|text/plain|1|false",
			"drain|application/json|[1,2]|drain|application/json|[2,1]|false",
			"drain|application/json|{\"a\":null}|drain|application/json|{}|false",
			"drain|application/json|{\"a\":\"\"}|drain|application/json|{\"a\":null}|false",
			"drain|application/json|9007199254740993|drain|application/json|9007199254740992|false",
			"drain|application/json|9223372036854775807|drain|application/json|9223372036854775808|false",
			"drain|application/json|0.12345678901234567890|drain|application/json|0.12345678901234567891|false",
			"drain|application/json|12345678901234567890.5|drain|application/json|12345678901234567890.50|true",
			"drain|application/json|1e1000000000|drain|application/json|10e999999999|true",
			"drain|application/json|1e1000000000|drain|application/json|1e1000000001|false",
			"drain|application/json|\"\\ud800\"|drain|application/json|\"\\ud801\"|false",
			"drain|application/json|\"\\ud800\"|drain|application/json|\"?\"|false",
			"drain|application/json|{\"a\":NaN}|drain|application/json|{\"a\":NaN}|true",
			"drain|application/json|{\"a\":NaN}|drain|application/json|{\"a\": NaN}|false",
			"drain|application/json|{\"a\":1,\"a\":2}|drain|application/json|{\"a\":1,\"a\":2}|true",
			"drain|application/json|{\"a\":1,\"a\":2}|drain|application/json|{\"a\":2,\"a\":1}|false",
			"drain|application/json|{\"a\":1,\"a\":2}|drain|application/json|{\"a\":2}|false" })
	void rule7WhatTellsRequestsApart(String path, String type, String body, String otherPath, String otherType,
			String otherBody, boolean accepted) throws Exception {
		assertAccepted(path, type, body, otherPath, otherType, otherBody, accepted);
	}

	static Stream<byte[]> hostile() {
		byte[] nested = ("[".repeat(10_000) + "]".repeat(10_000)).getBytes(StandardCharsets.US_ASCII);
		byte[] invalid = "{\"a\":\"\u00e4\"}".getBytes(StandardCharsets.ISO_8859_1);
		byte[] surrogate = { '"', (byte) 0xED, (byte) 0xA0, (byte) 0x80, '"' };
		return Stream.concat(Stream.of(nested, invalid, surrogate),
				Stream
					.of("[".repeat(MEGABYTE), "9".repeat(MEGABYTE), "{\"a\":".repeat(10_000),
							"1e" + "9".repeat(MEGABYTE - 2), "[" + "1e1000000000,".repeat(80_000) + "1]",
							"[" + "0,".repeat(500_000) + "0]", "{" + "\"a\":1,".repeat(140_000) + "\"a\":1}",
							"\"" + "\\ud800".repeat(170_000) + "\"", "-Infinity", "\u0000", "\ufeff")
					.map((text) -> text.getBytes(StandardCharsets.UTF_8)));
	}

	/** Bounded in time and memory, and a clear answer, also to one changed byte. */
	@ParameterizedTest
	@MethodSource("hostile")
	void rule8HostileTexts(byte[] text) {
		String key = UUID.randomUUID().toString();
		byte[] other = text.clone();
		other[other.length - 1] ^= 1;
		long start = System.nanoTime();
		Answer first = send("/with/drain", text, key);
		long allocated = this.application.getBean(AllocationFilter.class).last();
		assertThat(first.status()).isEqualTo(200);
		assertThat(send("/with/drain", text, key).isReplay()).isTrue();
		assertThat(send("/with/drain", other, key).problem()).isEqualTo("payload-mismatch");
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
		assertThat(allocated).isLessThan(64L * MEGABYTE);
		// a handler that lets Spring read it answers as it does without us, never worse
		int without = status(() -> this.client.send(this.client.request("POST", "/without/json", null)
			.header("Content-Type", "application/json")
			.POST(ofByteArray(text))));
		int with = status(() -> send("/with/json", text, key));
		assertThat(with).isLessThan(500);
		if (with != HUNG_UP && without != HUNG_UP) {
			assertThat(with).isEqualTo(without);
		}
	}

	/**
	 * Jetty may hang up on a client that still sends what Spring has refused to read,
	 * with us or without.
	 */
	private static int status(Supplier<Answer> dialogue) {
		try {
			return dialogue.get().status();
		}
		catch (UncheckedIOException ex) {
			assertThat(ServerUnderTest.current()).isEqualTo(ServerUnderTest.JETTY);
			return HUNG_UP;
		}
	}

	private Answer send(String path, byte[] body, String key) {
		return this.client.send(this.client.request("POST", path, null)
			.header("Content-Type", "application/json")
			.header("Idempotency-Key", key)
			.POST(ofByteArray(body)));
	}

	private void assertAccepted(String path, String type, String body, String otherPath, String otherType,
			String otherBody, boolean accepted) throws Exception {
		String inFlight = UUID.randomUUID().toString();
		this.gate.close();
		CompletableFuture<Answer> first = CompletableFuture
			.supplyAsync(() -> send(path, type, body, inFlight, BodyHandlers.Gate.HEADER, "yes"));
		try {
			assertThat(this.gate.entered.await(20, TimeUnit.SECONDS)).isTrue();
			assertThat(send(otherPath, otherType, otherBody, inFlight).problem())
				.isEqualTo(accepted ? "in-progress" : "payload-mismatch");
		}
		finally {
			this.gate.open.countDown();
		}
		assertThat(first.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
		Answer later = send(otherPath, otherType, otherBody, inFlight);
		if (accepted) {
			assertThat(later.isReplay()).isTrue();
			assertThat(later.bytes()).isEqualTo(first.get().bytes());
		}
		else {
			assertThat(later.problem()).isEqualTo("payload-mismatch");
			assertThat(send(path, type, body, inFlight).isReplay()).isTrue();
		}
	}

	private Answer send(String path, String type, String body, String key, String... headers) {
		var request = this.client.request("POST", "/with/" + path, null, headers).header("Idempotency-Key", key);
		if (type != null) {
			request.header("Content-Type", type);
		}
		return this.client.send(request.POST(ofByteArray(body.getBytes(StandardCharsets.UTF_8))));
	}

}
