package io.idempotency.web;

import java.io.OutputStream;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;

import io.idempotency.testsupport.HttpDialogue;
import io.idempotency.testsupport.HttpDialogue.Answer;
import io.idempotency.testsupport.ServerUnderTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The first answer is what it would be without us, also in the corners; so is the replay.
 */
class CornerDialogueTests {

	private static ConfigurableApplicationContext application;

	private static TestHandlers.Runs runs;

	private static HttpDialogue client;

	private final String key = UUID.randomUUID().toString();

	@BeforeAll
	static void start() {
		application = WebTestApplication.start(
				new Class<?>[] { HardHandlers.Corners.class, HardHandlers.OnClass.class, HardHandlers.Filters.class },
				"spring.mvc.formcontent.filter.enabled=false", "idempotency.http.max-request-size=1KB");
		runs = application.getBean(TestHandlers.Runs.class);
		client = WebTestApplication.client(application);
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@Test
	void forwardKeepsTheBodyOfTheFirstAnswer() {
		Answer first = client.post("/corner/forward", this.key, null);
		assertThat(first.text()).isEqualTo("gr\u00fcn run " + runs.of("forward"));
		Answer second = client.post("/corner/forward", this.key, null);
		assertThat(second.isReplay()).isTrue();
		assertThat(second.text()).isEqualTo(first.text());
		assertThat(second.header("Content-Type")).isEqualTo(first.header("Content-Type"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/corner/plain-redirect", "/corner/redirect" })
	void redirectPassesTheWrappersOfOuterFilters(String path) {
		for (int i = 0; i < 2; i++) {
			Answer answer = client.post(path, this.key, null, "X-Forwarded-Host", "shop.example", "X-Forwarded-Proto",
					"https");
			assertThat(answer.status()).isEqualTo(302);
			assertThat(answer.header("Location")).startsWith("https://shop.example/elsewhere");
		}
	}

	@Test
	void redirectThatKeepsItsBodyKeepsIt() {
		Answer first = client.post("/corner/redirect-with-body", this.key, null);
		Answer second = client.post("/corner/redirect-with-body", this.key, null);
		assertThat(first.status()).isEqualTo(303);
		assertThat(first.text()).isEqualTo("go there 1");
		assertThat(second.status()).isEqualTo(303);
		assertThat(second.text()).isEqualTo(first.text());
		assertThat(second.isReplay()).isTrue();
	}

	@Test
	void sessionIdOfOneClientIsNotGivenToAnother() {
		Answer first = client.post("/corner/session", this.key, null);
		assertThat(first.header("Location")).contains(";jsessionid=");
		String session = first.header("Location").replaceFirst(".*;jsessionid=", "");
		Answer second = client.post("/corner/session", this.key, null);
		assertThat(second.isReplay()).isTrue();
		assertThat(second.header("Location")).endsWith("/elsewhere").doesNotContain(session);
	}

	@Test
	void charsetOfAWriterStays() {
		Answer first = client.post("/corner/late-charset", this.key, null);
		assertThat(first.header("Content-Type"))
			.isEqualTo("text/plain;charset=" + ServerUnderTest.on("ISO-8859-1", "iso-8859-1"));
		assertThat(first.bytes()).isEqualTo("gr\u00fcn".getBytes(StandardCharsets.ISO_8859_1));
		assertThat(client.post("/corner/late-charset", this.key, null).bytes()).isEqualTo(first.bytes());
	}

	@Test
	void streamAndWriterTogetherAreAnErrorAsInAContainer() {
		assertThat(client.post("/corner/stream-and-writer", this.key, null).status()).isEqualTo(500);
	}

	@Test
	void languageOfAViewIsReplayed() {
		Answer first = client.post("/corner/language", this.key, null);
		Answer second = client.post("/corner/language", this.key, null);
		assertThat(first.header("Content-Language")).isEqualTo("de");
		assertThat(second.isReplay()).isTrue();
		assertThat(second.text()).isEqualTo("hallo");
		assertThat(second.response().headers().allValues("Content-Language")).containsExactly("de");
	}

	@Test
	void rule16ViewThatBreaksDoesNotFreeTheKey() {
		assertThat(client.post("/corner/broken-view", this.key, null).status()).isEqualTo(500);
		assertThat(client.post("/corner/broken-view", this.key, null).problem()).isEqualTo("response-not-kept");
		assertThat(runs.of("broken-view")).isEqualTo(1);
	}

	@Test
	void rule16ValueThatComesLaterIsAnErrorOnceAndRunsOnce() {
		assertThat(client.post("/corner/later", this.key, null).status()).isEqualTo(500);
		assertThat(client.post("/corner/later", this.key, null).problem()).isEqualTo("response-not-kept");
		assertThat(runs.of("later")).isEqualTo(1);
	}

	@Test
	void headersAloneAreReplayed() {
		Answer first = client.post("/corner/headers", this.key, null);
		Answer second = client.post("/corner/headers", this.key, null);
		assertThat(first.status()).isEqualTo(200);
		assertThat(second.isReplay()).isTrue();
		assertThat(second.response().headers().allValues("X-Run")).containsExactly("run 1");
	}

	@Test
	void statusIsSeenAsSentByTheHandlersSide() {
		assertThat(client.post("/corner/status-seen", this.key, null).header("X-Status")).isEqualTo("404");
	}

	@Test
	void rule4PrincipalOfAnInnerFilterCounts() {
		Answer alice = client.post("/corner/principal", this.key, null, "X-User", "alice");
		Answer bob = client.post("/corner/principal", this.key, null, "X-User", "bob");
		assertThat(bob.text()).startsWith("secret of bob");
		assertThat(bob.isReplay()).isFalse();
		assertThat(client.post("/corner/principal", this.key, null, "X-User", "alice").text()).isEqualTo(alice.text());
	}

	@Test
	void rule8FormThatNobodyParsesIsComparedByItsBytes() {
		String type = "application/x-www-form-urlencoded";
		Answer first = put("amount=1", type);
		assertThat(first.text()).isEqualTo("amount=1 run 1");
		assertThat(put("amount=1", type).isReplay()).isTrue();
		assertThat(put("amount=99", type).status()).isEqualTo(422);
	}

	private Answer put(String body, String type) {
		return client
			.send(client.request("PUT", "/corner/put-form", body, "Content-Type", type, "Idempotency-Key", this.key));
	}

	@ParameterizedTest
	@ValueSource(strings = { "/body/form", "/chosen" })
	void rule9ChunkedBodyIsMeasuredToo(String path) throws Exception {
		boolean form = path.equals("/body/form");
		String body = form ? "a=1&b=" + "x".repeat(2000) : "{\"account\":\"" + "x".repeat(2000) + "\",\"amount\":1}";
		int port = ((WebServerApplicationContext) application).getWebServer().getPort();
		try (Socket socket = new Socket("127.0.0.1", port)) {
			socket.setSoTimeout(10_000);
			OutputStream out = socket.getOutputStream();
			out.write(("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Type: "
					+ (form ? "application/x-www-form-urlencoded" : "application/json") + "\r\nIdempotency-Key: "
					+ this.key + "\r\nTransfer-Encoding: chunked\r\n\r\n" + Integer.toHexString(body.length()) + "\r\n"
					+ body + "\r\n0\r\n\r\n")
				.getBytes(StandardCharsets.US_ASCII));
			out.flush();
			String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			assertThat(answer).startsWith("HTTP/1.1 413").contains("request-too-large");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "/class/hidden", "/class/visible" })
	void annotationOnAControllerMeansEveryHandler(String path) {
		assertThat(client.send(client.request("POST", path, null)).problem()).isEqualTo("key-missing");
		Answer first = client.post(path, this.key, null);
		assertThat(client.post(path, this.key, null).text()).isEqualTo(first.text());
	}

	@Test
	void formsWithEncodedValuesAreReadAsEver() {
		String body = "a=" + URLEncoder.encode("\u00fc&=", StandardCharsets.UTF_8) + "&b=2";
		Answer answer = client.post("/body/form", this.key, body, "Content-Type", "application/x-www-form-urlencoded");
		assertThat(answer.text()).startsWith("\u00fc&=[2]");
	}

}
