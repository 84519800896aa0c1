package io.idempotency.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import io.idempotency.testsupport.HttpDialogue;
import io.idempotency.testsupport.HttpDialogue.Answer;
import io.idempotency.testsupport.RawConnection;
import io.idempotency.testsupport.ServerUnderTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rule 8: a handler reads its body as it would without us. Every kind of body, read in
 * every way and order, by a handler with the annotation and by the same one without.
 */
@TestInstance(Lifecycle.PER_CLASS)
class BodyMatrixTests {

	private static final String FORM = "application/x-www-form-urlencoded";

	private static final Body BROKEN = new Body("POST", "", "multipart/form-data; boundary=x", "broken");

	private static final List<String> READINGS = List.of("steps/stream", "steps/reader", "steps/parameter", "steps/map",
			"steps/names", "steps/values", "steps/parts", "steps/part", "steps/stream-parameter",
			"steps/parameter-stream", "steps/parameter-reader", "steps/map-stream-map", "steps/reader-map",
			"steps/reader-stream", "steps/stream-reader", "steps/stream-stream", "steps/reader-reader",
			"steps/one-parameter-stream", "steps/parameter-parameter-map-values", "steps/parts-stream",
			"steps/stream-parts", "steps/parts-parameter", "steps/parameter-parts", "steps/latin-parameter",
			"steps/latin-reader", "steps/stream-latin-map", "asks", "string", "bytes", "form", "parameter", "model",
			"stream-argument", "reader-argument", "files");

	private static final List<Body> BODIES = List.of(new Body("POST", "", FORM, "a=1&b=2&a=3"),
			new Body("POST", "?a=0&q=1", FORM, "a=1&b=2&a=3"),
			new Body("POST", "", FORM + ";charset=ISO-8859-1", "a=gr%FCn&b"),
			new Body("POST", "", FORM, "b=%C3%BC+x&a=%26%3D"), new Body("POST", "", FORM, "a=%zz&b=1"),
			new Body("POST", "", FORM, "a=%FF"), new Body("POST", "?a=%FF", FORM, "a=1"),
			new Body("POST", "", FORM, ""), new Body("PUT", "", FORM, "a=1&b=2"),
			new Body("PUT", "?a=0", FORM, "a=1&b=2"), new Body("PATCH", "", FORM, "a=1"),
			new Body("DELETE", "", FORM, "a=1"), new Body("POST", "?a=0", "application/json", "{\"a\":1}"),
			new Body("POST", "", "text/plain", "a=1"),
			new Body("POST", "?a=0", "text/plain;charset=ISO-8859-1", "gr\u00fcn"),
			new Body("POST", "", "application/octet-stream", "\u0000\u0001"), new Body("POST", "?a=1", null, null),
			new Body("POST", "", "no media type", "a=1"),
			new Body("POST", "?a=0", "multipart/form-data; boundary=x", multipart("x")), BROKEN);

	private static final String QUIET = "logging.level.root=off";

	private ConfigurableApplicationContext usual;

	private ConfigurableApplicationContext bare;

	record Body(String method, String query, String type, String content) {

		@Override
		public String toString() {
			return this.method + this.query + " " + this.type + " "
					+ ((this.content != null && this.content.length() < 20) ? this.content.replaceAll("[^ -~]", ".")
							: "...");
		}

	}

	static String multipart(String boundary) {
		return "--" + boundary + "\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--" + boundary
				+ "\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x.txt\"\r\nContent-Type: text/plain\r\n\r\n"
				+ "content\r\n--" + boundary
				+ "\r\nContent-Disposition: form-data; name=\"f\"; filename=\"empty\"\r\n\r\n\r\n--" + boundary
				+ "--\r\n";
	}

	@BeforeAll
	void start() {
		Class<?>[] handlers = { BodyHandlers.Annotated.class, BodyHandlers.Plain.class };
		this.usual = WebTestApplication.start(handlers, QUIET);
		this.bare = WebTestApplication.start(handlers, "spring.servlet.multipart.enabled=false", QUIET,
				"spring.mvc.formcontent.filter.enabled=false", "spring.servlet.encoding.enabled=false",
				"server.servlet.encoding.enabled=false");
	}

	@AfterAll
	void stop() {
		this.usual.close();
		this.bare.close();
	}

	static Stream<Arguments> matrix() {
		return READINGS.stream()
			.flatMap((reading) -> BODIES.stream()
				.flatMap((body) -> Stream.of(Arguments.of(reading, body, true), Arguments.of(reading, body, false))))
			.filter((cell) -> !isToldOnce((String) cell.get()[0], (Body) cell.get()[1], (boolean) cell.get()[2]));
	}

	/**
	 * Without a multipart configuration, Tomcat says that there are no parts once, to
	 * whoever asks first; the second time it says that there is no configuration. We ask.
	 */
	private static boolean isToldOnce(String reading, Body body, boolean usual) {
		return !usual && reading.equals("steps/parameter-parts") && String.valueOf(body.type()).startsWith("multipart");
	}

	/** With a multipart configuration, what Jetty cannot read ends the connection. */
	private static boolean isEndedByJetty(Body body, boolean usual) {
		return ServerUnderTest.on(false, true) && usual && body == BROKEN;
	}

	/**
	 * Neither handler is called; what comes of it is Spring's and the container's, and no
	 * key is burnt by it.
	 */
	private void requireNoHandlerForBroken(String reading) throws IOException {
		String key = UUID.randomUUID().toString();
		RawConnection.Answer without = sendBroken("/without/", reading, key);
		assertThat(without.body()).doesNotContain(BROKEN.method() + "|");
		assertThat(sendBroken("/with/", reading, key).status()).isEqualTo(without.status());
		assertThat(sendBroken("/with/", reading, key).replay()).isFalse();
		HttpDialogue client = WebTestApplication.client(this.usual);
		assertThat(send(client, "/with/", reading, BODIES.get(0), key).isReplay()).isFalse();
	}

	private RawConnection.Answer sendBroken(String base, String reading, String key) throws IOException {
		int port = ((WebServerApplicationContext) this.usual).getWebServer().getPort();
		try (RawConnection connection = new RawConnection(port)) {
			connection.send(BROKEN.method() + " " + base + reading + " HTTP/1.1\r\nHost: localhost\r\nIdempotency-Key: "
					+ key + "\r\nContent-Type: " + BROKEN.type() + "\r\nContent-Length: " + BROKEN.content().length()
					+ "\r\n\r\n" + BROKEN.content());
			return connection.read();
		}
	}

	@ParameterizedTest
	@MethodSource("matrix")
	void annotatedHandlerReadsWhatItReadsWithoutUs(String reading, Body body, boolean usual) throws IOException {
		if (isEndedByJetty(body, usual)) {
			requireNoHandlerForBroken(reading);
			return;
		}
		HttpDialogue client = WebTestApplication.client(usual ? this.usual : this.bare);
		String key = UUID.randomUUID().toString();
		Answer without = send(client, "/without/", reading, body, key);
		Answer with = send(client, "/with/", reading, body, key);
		if (without.status() >= 500) {
			// a handler that the container refuses what it asks for: with us it may get
			// it
			return;
		}
		assertThat(with.status()).isEqualTo(without.status());
		if (without.status() < 400) {
			String expected = untilRefused(without.text(), without);
			if (isLateEncoding(reading, body, usual)) {
				assertThat(expected).contains("|latin=UTF-8|");
				expected = expected.replace("latin=UTF-8", "latin=ISO-8859-1");
				assertThat(with.text()).startsWith(expected);
			}
			else {
				assertThat(untilRefused(with.text(), without)).isEqualTo(expected);
			}
			Answer replay = send(client, "/with/", reading, body, key);
			assertThat(replay.isReplay()).isTrue();
			assertThat(replay.bytes()).isEqualTo(with.bytes());
		}
	}

	/**
	 * After Spring's filter has read a form, Jetty takes no other encoding; with us it
	 * does, as we cannot know that somebody has read before us.
	 */
	private static boolean isLateEncoding(String reading, Body body, boolean usual) {
		return ServerUnderTest.on(false, true) && usual && reading.startsWith("steps/latin-")
				&& FORM.equals(body.type()) && List.of("PUT", "PATCH", "DELETE").contains(body.method());
	}

	/**
	 * What came of the steps before the first that a container refuses because of an
	 * earlier one, in a filter or in the handler.
	 */
	private static String untilRefused(String text, Answer without) {
		int refused = without.text().indexOf("illegal state");
		return (refused < 0 || refused > text.length()) ? text : text.substring(0, refused);
	}

	private static Answer send(HttpDialogue client, String base, String reading, Body body, String key) {
		var request = client.request(body.method(), base + reading + body.query(), null).header("Idempotency-Key", key);
		if (body.content() != null) {
			request.header("Content-Type", body.type());
			request.method(body.method(),
					BodyPublishers.ofByteArray(body.content().getBytes(StandardCharsets.ISO_8859_1)));
		}
		try {
			return client.send(request);
		}
		catch (UncheckedIOException ex) {
			// Jetty closes connections with a body that nobody has read and that was
			// late,
			// and does not say so in its answer: the next request is lost with it
			assertThat(ex).hasMessageContaining(ServerUnderTest.on("no message", "received no bytes"));
			return client.send(request);
		}
	}

}
