package io.idempotency.web;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

import com.google.protobuf.StringValue;
import io.idempotency.testsupport.HttpDialogue;
import io.idempotency.testsupport.HttpDialogue.Answer;
import io.idempotency.testsupport.ServerUnderTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.dataformat.cbor.CBORMapper;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.converter.protobuf.ProtobufHttpMessageConverter;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rules 7 and 8 for every kind of body that has a converter or a reader: the handler
 * answers as the same one without the annotation, so does its replay, and another body
 * with the same key is a mismatch, while the first call runs and when it is done.
 */
@TestInstance(Lifecycle.PER_CLASS)
class BodyKindsTests {

	private static final String FORM = "application/x-www-form-urlencoded";

	private static final String MULTIPART = "multipart/form-data; boundary=x";

	private static final String JSON = "{\"account\":\"gr\u00fcn\",\"amount\":10.50}";

	private ConfigurableApplicationContext application;

	private BodyHandlers.Gate gate;

	/** A body, and one that differs; both empty where there is nothing to differ. */
	record Sample(String path, String type, byte[] body, byte[] other, boolean chunked, String encoding) {

		static Sample of(String path, String type, byte[] body, byte[] other) {
			return new Sample(path, type, body, other, false, null);
		}

		static Sample of(String path, String type, String body, String other, Charset charset) {
			return of(path, type, body.getBytes(charset), other.getBytes(charset));
		}

		static Sample of(String path, String type, String body, String other) {
			return of(path, type, body, other, StandardCharsets.UTF_8);
		}

		Sample inChunks() {
			return new Sample(this.path, this.type, this.body, this.other, true, this.encoding);
		}

		Sample gzipped() {
			return new Sample(this.path, this.type, gzip(this.body), gzip(this.other), this.chunked, "gzip");
		}

		@Override
		public String toString() {
			return this.path + " " + this.type + (this.chunked ? " chunked" : "")
					+ ((this.encoding != null) ? " " + this.encoding : "") + " " + this.body.length;
		}

	}

	@BeforeAll
	void start() {
		this.application = WebTestApplication.start(
				new Class<?>[] { BodyHandlers.Annotated.class, BodyHandlers.Plain.class, BodyHandlers.Gate.class,
						ProtobufHttpMessageConverter.class },
				"logging.level.root=error", "spring.servlet.encoding.force=false");
		this.gate = this.application.getBean(BodyHandlers.Gate.class);
	}

	@AfterAll
	void stop() {
		this.application.close();
	}

	static Stream<Sample> samples() {
		String other = JSON.replace("10.50", "10.51");
		Stream<Sample> json = Stream
			.of("json", "order", "string", "bytes", "entity", "stream-argument", "reader-argument", "steps/one-stream",
					"steps/parameter", "steps/stream-reader", "drain")
			.flatMap((path) -> Stream.of(Sample.of(path, "application/json", JSON, other),
					Sample.of(path, "application/json", JSON, other).inChunks()));
		Stream<Sample> charsets = Stream.of("UTF-16", "UTF-16LE", "UTF-32BE", "ISO-8859-1")
			.flatMap((charset) -> Stream.of("json", "order", "string", "reader-argument")
				.map((path) -> Sample.of(path, "application/json;charset=" + charset, JSON, other,
						Charset.forName(charset))));
		Stream<Sample> forms = Stream
			.of("parameter", "form", "model", "steps/map", "steps/stream", "steps/parameter-stream", "string", "asks",
					"entity")
			.flatMap((path) -> Stream.of(Sample.of(path, FORM, "a=1&b=gr%C3%BCn", "a=2&b=gr%C3%BCn"),
					Sample.of(path, FORM, "a=1&b=gr%C3%BCn", "a=2&b=gr%C3%BCn").inChunks(),
					Sample.of(path, FORM + ";charset=ISO-8859-1", "a=gr%FCn", "a=gr%FDn")));
		Stream<Sample> multipart = Stream
			.of("files", "steps/parts", "steps/part", "steps/parameter-parts", "steps/parts-parameter")
			.flatMap((path) -> Stream.of(Sample.of(path, MULTIPART, file("content"), file("CONTENT")),
					Sample.of(path, MULTIPART, file("content"), file("CONTENT")).inChunks()));
		return Stream.of(json, charsets, forms, multipart, others()).flatMap((samples) -> samples);
	}

	private static Stream<Sample> others() {
		CBORMapper cbor = new CBORMapper();
		Sample binary = Sample.of("bytes", "application/octet-stream", new byte[] { 0, -1, 13, 10 },
				new byte[] { 0, -1, 13, 11 });
		return Stream.of(
				Sample.of("json-part", MULTIPART, jsonPart("{\"account\":\"a\",\"amount\":1}"),
						jsonPart("{\"account\":\"a\",\"amount\":2}")),
				Sample.of("xml", "application/xml", "<Order><account>a</account><amount>1.0</amount></Order>",
						"<Order><account>a</account><amount>1.1</amount></Order>"),
				Sample.of("xml", "application/xml;charset=ISO-8859-1",
						"<?xml version='1.0' encoding='ISO-8859-1'?><Order><account>\u00e4</account></Order>",
						"<?xml version='1.0' encoding='ISO-8859-1'?><Order><account>\u00f6</account></Order>",
						StandardCharsets.ISO_8859_1),
				Sample.of("cbor", "application/cbor", cbor.writeValueAsBytes(order("1.0")),
						cbor.writeValueAsBytes(order("1.00"))),
				Sample.of("protobuf", "application/x-protobuf", StringValue.of("a").toByteArray(),
						StringValue.of("b").toByteArray()),
				binary, binary.inChunks(), binary.gzipped(),
				Sample.of("bytes", "application/json", JSON, JSON.replace("10", "11")).gzipped().inChunks(),
				Sample.of("drain", "video/mp4", bytes(1_000_000, 1), bytes(1_000_000, 2)),
				Sample.of("drain", "video/mp4", bytes(1_000_000, 1), bytes(1_000_000, 2)).inChunks(),
				Sample.of("steps/stream", null, "", "x"), Sample.of("steps/reader", "application/json", "", "1"),
				Sample.of("steps/map", FORM, "", "a=1"), Sample.of("steps/stream", "text/plain", "", "x").inChunks());
	}

	@ParameterizedTest
	@MethodSource("samples")
	void rule8HandlerAnswersAsWithoutUs(Sample sample) throws Exception {
		Answer without = sendUnprotected(sample);
		assertThat(without.status()).isEqualTo(200);
		String key = UUID.randomUUID().toString();
		Answer first = send("/with/", sample, sample.body(), "Idempotency-Key", key);
		assertThat(first.status()).isEqualTo(200);
		assertThat(first.bytes()).isEqualTo(without.bytes());
		assertThat(first.header("Content-Type")).isEqualTo(without.header("Content-Type"));
		assertThat(first.isReplay()).isFalse();
		Answer replay = send("/with/", sample, sample.body(), "Idempotency-Key", key);
		assertThat(replay.isReplay()).isTrue();
		assertThat(replay.bytes()).isEqualTo(without.bytes());
		assertThat(send("/with/", sample, sample.other(), "Idempotency-Key", key).problem())
			.isEqualTo("payload-mismatch");
	}

	@ParameterizedTest
	@MethodSource("samples")
	void rule7AnotherBodyIsAMismatchInFlight(Sample sample) throws Exception {
		this.gate.close();
		String key = UUID.randomUUID().toString();
		CompletableFuture<Answer> first = CompletableFuture.supplyAsync(
				() -> send("/with/", sample, sample.body(), "Idempotency-Key", key, BodyHandlers.Gate.HEADER, "yes"));
		try {
			assertThat(this.gate.entered.await(20, TimeUnit.SECONDS)).isTrue();
			assertThat(send("/with/", sample, sample.other(), "Idempotency-Key", key).problem())
				.isEqualTo("payload-mismatch");
			assertThat(send("/with/", sample, sample.body(), "Idempotency-Key", key).problem())
				.isEqualTo("in-progress");
		}
		finally {
			this.gate.open.countDown();
		}
		assertThat(first.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
	}

	/** Jetty may hang up on a body that nobody reads, which ours always are. */
	private Answer sendUnprotected(Sample sample) {
		for (int hungUp = 0;; hungUp++) {
			try {
				return send("/without/", sample, sample.body());
			}
			catch (UncheckedIOException ex) {
				assertThat(ServerUnderTest.current()).isEqualTo(ServerUnderTest.JETTY);
				assertThat(hungUp).isLessThan(20);
			}
		}
	}

	private Answer send(String base, Sample sample, byte[] body, String... headers) {
		HttpDialogue client = new HttpDialogue(
				((WebServerApplicationContext) this.application).getWebServer().getPort());
		HttpRequest.Builder request = client.request("POST", base + sample.path(), null, headers);
		if (sample.type() != null) {
			request.header("Content-Type", sample.type());
		}
		if (sample.encoding() != null) {
			request.header("Content-Encoding", sample.encoding());
		}
		request.POST(sample.chunked() ? BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body))
				: BodyPublishers.ofByteArray(body));
		return client.send(request);
	}

	private static BodyHandlers.Order order(String amount) {
		return new BodyHandlers.Order("a", new BigDecimal(amount));
	}

	private static String file(String content) {
		return BodyMatrixTests.multipart("x").replace("content\r\n", content + "\r\n");
	}

	private static String jsonPart(String json) {
		return "--x\r\nContent-Disposition: form-data; name=\"order\"\r\nContent-Type: application/json\r\n\r\n" + json
				+ "\r\n--x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f\"\r\n\r\n123\r\n--x--\r\n";
	}

	private static byte[] bytes(int size, int seed) {
		byte[] bytes = new byte[size];
		for (int i = 0; i < size; i++) {
			bytes[i] = (byte) (i * 31 + seed * (i >>> 8));
		}
		return bytes;
	}

	private static byte[] gzip(byte[] bytes) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
			gzip.write(bytes);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return out.toByteArray();
	}

}
