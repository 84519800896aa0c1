package io.idempotency.web;

import java.util.List;
import java.util.UUID;

import io.idempotency.testsupport.HttpDialogue;
import io.idempotency.testsupport.HttpDialogue.Answer;
import io.idempotency.testsupport.ServerUnderTest;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a caller sees, over a socket, from one server. Names carry the contract's rules.
 */
class HandlerDialogueTests {

	private static final String PAYMENT = "{\"account\":\"alice\",\"amount\":25.00}";

	private static ConfigurableApplicationContext application;

	private static TestHandlers.Runs runs;

	private static HttpDialogue client;

	private final String key = UUID.randomUUID().toString();

	@BeforeAll
	static void start() {
		application = WebTestApplication.start("idempotency.http.max-request-size=64KB",
				"idempotency.http.max-response-size=64KB");
		runs = application.getBean(TestHandlers.Runs.class);
		client = WebTestApplication.client(application);
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	// --- what is stored and replayed

	@Test
	void rule11ReplayIsTheResponseThatTheClientGot() {
		int before = runs.of("payments");
		Answer first = client.post("/payments", this.key, PAYMENT);
		Answer second = client.post("/payments", this.key, PAYMENT);
		assertThat(runs.of("payments")).isEqualTo(before + 1);
		assertThat(first.status()).isEqualTo(201);
		assertThat(first.isReplay()).isFalse();
		assertThat(first.text()).contains("\"amount\":25.00,\"rate\":10.00");
		assertThat(first.response().headers().allValues("X-Custom")).containsExactly("a", "b");
		assertThat(first.response().headers().allValues("Location")).hasSize(1);
		assertThat(first.header("Set-Cookie")).startsWith("session=");
		assertThat(second.status()).isEqualTo(201);
		assertThat(second.isReplay()).isTrue();
		assertThat(second.bytes()).isEqualTo(first.bytes());
		for (String header : List.of("Location", "ETag", "Content-Type", "X-Custom")) {
			assertThat(second.response().headers().allValues(header)).as(header)
				.isEqualTo(first.response().headers().allValues(header))
				.isNotEmpty();
		}
		assertThat(second.header("Set-Cookie")).isNull();
		assertThat(second.response().headers().allValues("Date")).hasSizeLessThanOrEqualTo(1);
	}

	@ParameterizedTest
	@CsvSource({ "/nothing,204", "/binary,200", "/resource,200", "/direct,200", "/redirect,302" })
	void rule11EveryKindOfResponseIsReplayed(String path, int status) {
		Answer first = client.post(path, this.key, null);
		Answer second = client.post(path, this.key, null);
		assertThat(first.status()).isEqualTo(status);
		assertThat(second.status()).isEqualTo(status);
		assertThat(first.isReplay()).isFalse();
		assertThat(second.isReplay()).isTrue();
		assertThat(second.bytes()).isEqualTo(first.bytes());
		assertThat(second.header("Content-Type")).isEqualTo(first.header("Content-Type"));
		assertThat(second.header("Location")).isEqualTo(first.header("Location"));
		Answer other = client.post(path, this.key + "x", null);
		assertThat(other.isReplay()).isFalse();
	}

	@Test
	void rule11WriterAndCharsetAreWhatTheHandlerChose() {
		Answer first = client.post("/direct", this.key, null);
		assertThat(first.header("Content-Type"))
			.isEqualTo("text/plain;charset=" + ServerUnderTest.on("ISO-8859-1", "iso-8859-1"));
		assertThat(first.bytes()).contains((byte) 0xFC);
	}

	@ParameterizedTest
	@ValueSource(ints = { 200, 202, 303, 400, 402, 404, 410, 422, 451 })
	void rule12FinalStatusIsStored(int status) {
		Answer first = client.post("/status/" + status, this.key, null);
		Answer second = client.post("/status/" + status, this.key, null);
		assertThat(first.status()).isEqualTo(status);
		assertThat(second.status()).isEqualTo(status);
		assertThat(second.isReplay()).isTrue();
		assertThat(second.text()).isEqualTo(first.text());
	}

	@ParameterizedTest
	@ValueSource(ints = { 401, 403, 407, 408, 409, 412, 421, 423, 425, 429, 500, 502, 503 })
	void rule12StatusThatIsNotFinalFreesTheKey(int status) {
		Answer first = client.post("/status/" + status, this.key, null);
		Answer second = client.post("/status/" + status, this.key, null);
		assertThat(first.status()).isEqualTo(status);
		assertThat(second.status()).isEqualTo(status);
		assertThat(second.isReplay()).isFalse();
		assertThat(second.text()).isNotEqualTo(first.text());
	}

	@ParameterizedTest
	@CsvSource({ "/throws/handled,422", "/throws/annotated,402", "/throws/status,410", "/senderror,410" })
	void rule13StatusAfterExceptionHandlingIsStored(String path, int status) {
		Answer first = client.post(path, this.key, null);
		Answer second = client.post(path, this.key, null);
		assertThat(first.status()).isEqualTo(status);
		assertThat(first.text()).isNotEmpty();
		assertThat(second.status()).isEqualTo(status);
		assertThat(second.isReplay()).isTrue();
		assertThat(withoutTime(second.text())).isEqualTo(withoutTime(first.text()));
		assertThat(second.header("Content-Type")).isEqualTo(first.header("Content-Type"));
		assertThat(second.header("X-Handled")).isEqualTo(first.header("X-Handled"));
		assertThat(second.header("X-Before")).isEqualTo(first.header("X-Before"));
	}

	@ParameterizedTest
	@CsvSource({ "server,502", "unhandled,500" })
	void rule13FailureFreesTheKey(String kind, int status) {
		int before = runs.of("throws-" + kind);
		assertThat(client.post("/throws/" + kind, this.key, null).status()).isEqualTo(status);
		Answer second = client.post("/throws/" + kind, this.key, null);
		assertThat(second.status()).isEqualTo(status);
		assertThat(second.isReplay()).isFalse();
		assertThat(runs.of("throws-" + kind)).isEqualTo(before + 2);
	}

	@ParameterizedTest
	@ValueSource(ints = { 65_535, 65_536, 65_537, 300_000 })
	void rule15ResponseThatIsTooLargeIsSentWholeAndNeverMadeAgain(int size) {
		int before = runs.of("large");
		Answer first = client.post("/large?size=" + size, this.key, null);
		assertThat(first.status()).isEqualTo(200);
		assertThat(first.text()).startsWith("xxxx").hasSizeGreaterThanOrEqualTo(size);
		Answer second = client.post("/large?size=" + size, this.key, null);
		assertThat(runs.of("large")).isEqualTo(before + 1);
		if (first.text().length() <= 65_536) {
			assertThat(second.isReplay()).isTrue();
			assertThat(second.text()).isEqualTo(first.text());
		}
		else {
			assertThat(second.status()).isEqualTo(409);
			assertThat(second.problem()).isEqualTo("response-not-kept");
			assertThat(second.header("Retry-After")).isNull();
		}
	}

	@Test
	void rule16BodyThatCannotBeRenderedDoesNotFreeTheKey() {
		int before = runs.of("unwritable");
		assertThat(client.post("/unwritable", this.key, null).status()).isEqualTo(500);
		Answer second = client.post("/unwritable", this.key, null);
		assertThat(second.status()).isEqualTo(409);
		assertThat(second.problem()).isEqualTo("response-not-kept");
		assertThat(runs.of("unwritable")).isEqualTo(before + 1);
	}

	// --- keys

	@Test
	void rule1KeyExpressionReplacesTheHeader() {
		Answer first = client.send(client.request("POST", "/orders", PAYMENT, "X-Order", this.key));
		Answer second = client
			.send(client.request("POST", "/orders", PAYMENT, "X-Order", this.key, "Idempotency-Key", "another"));
		Answer other = client
			.send(client.request("POST", "/orders", PAYMENT, "X-Order", this.key + "x", "Idempotency-Key", "another"));
		assertThat(first.status()).isEqualTo(200);
		assertThat(second.isReplay()).isTrue();
		assertThat(other.isReplay()).isFalse();
	}

	@Test
	void rule2QuotedAndBareKeysAreOne() {
		Answer first = client.post("/payments", this.key, PAYMENT);
		assertThat(client.post("/payments", "\"" + this.key + "\"", PAYMENT).text()).isEqualTo(first.text());
		assertThat(client.post("/payments", "\"" + this.key + "\";v=1;x=\"a;b\"", PAYMENT).text())
			.isEqualTo(first.text());
		assertThat(client.post("/payments", this.key + "; v=1", PAYMENT).text()).isEqualTo(first.text());
	}

	@Test
	void rule2TwoHeaderLinesAreRefused() {
		int before = runs.of("payments");
		Answer answer = client.send(
				client.request("POST", "/payments", PAYMENT, "Idempotency-Key", this.key, "Idempotency-Key", this.key));
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.problem()).isEqualTo("key-malformed");
		assertThat(runs.of("payments")).isEqualTo(before);
	}

	@ParameterizedTest
	@ValueSource(strings = { "\"\"", "\"abc", "\"a\\b\"", "\"abc\"x", "a b", "\"a b\"", "key;1", "key;", "key,b c" })
	void rule2MalformedKeyIsRefused(String malformed) {
		int before = runs.of("payments");
		Answer answer = client.post("/payments", malformed, PAYMENT);
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.problem()).isEqualTo("key-malformed");
		assertThat(answer.header("Retry-After")).isNull();
		assertThat(answer.text()).doesNotContain(malformed);
		assertThat(runs.of("payments")).isEqualTo(before);
	}

	@Test
	void rule2KeyLengthIsBounded() {
		assertThat(client.post("/payments", "k".repeat(255), PAYMENT).status()).isEqualTo(201);
		assertThat(client.post("/payments", "k".repeat(256), PAYMENT).problem()).isEqualTo("key-malformed");
		assertThat(client.post("/payments", "\"" + "\\\"".repeat(255) + "\"", PAYMENT).status()).isEqualTo(201);
	}

	@Test
	void rule3MissingKeyIsRefusedWhereItIsRequired() {
		int before = runs.of("payments");
		Answer answer = client.send(client.request("POST", "/payments", PAYMENT));
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.problem()).isEqualTo("key-missing");
		assertThat(runs.of("payments")).isEqualTo(before);
	}

	@Test
	void rule3MissingOptionalKeyRunsUnprotectedAndIsCounted() {
		double before = count("POST /optional", "unprotected");
		Answer first = client.send(client.request("POST", "/optional", null));
		Answer second = client.send(client.request("POST", "/optional", null));
		assertThat(second.text()).isNotEqualTo(first.text());
		// an unprotected answer leaves as it is written, before its call has ended
		await().untilAsserted(() -> assertThat(count("POST /optional", "unprotected")).isEqualTo(before + 2));
		assertThat(client.post("/optional", this.key, null).isReplay()).isFalse();
		assertThat(client.post("/optional", this.key, null).isReplay()).isTrue();
	}

	@Test
	void rule4OneKeyAtTwoEndpointsAndTwoMethodsNeverMeets() {
		assertThat(client.post("/body/text", this.key, "{}").isReplay()).isFalse();
		assertThat(client.post("/refunds", this.key, "{}").isReplay()).isFalse();
		for (String method : List.of("POST", "PUT", "DELETE")) {
			Answer answer = client.send(client.request(method, "/any", null, "Idempotency-Key", this.key));
			assertThat(answer.text()).startsWith(method);
			assertThat(answer.isReplay()).isFalse();
		}
		assertThat(client.post("/unprotected", this.key, "{}").text())
			.isNotEqualTo(client.post("/unprotected", this.key, "{}").text());
	}

	@Test
	void rule5RejectionBeforeTheMethodBurnsNoKey() {
		assertThat(client.post("/payments", this.key, "{\"account\":\"alice\",\"amount\":-1}").status()).isEqualTo(400);
		assertThat(client.post("/payments", this.key, "no json").status()).isEqualTo(400);
		assertThat(client.post("/payments", this.key, PAYMENT, "Content-Type", "text/plain").status()).isEqualTo(415);
		assertThat(client.send(client.request("PATCH", "/payments", PAYMENT, "Idempotency-Key", this.key)).status())
			.isEqualTo(405);
		Answer valid = client.post("/payments", this.key, PAYMENT);
		assertThat(valid.status()).isEqualTo(201);
		assertThat(valid.isReplay()).isFalse();
	}

	// --- fingerprint

	@Test
	void rule7AnotherRequestWithTheKeyIsAMismatchAndTheRecordStays() {
		Answer first = client.post("/payments", this.key, PAYMENT);
		Answer other = client.post("/payments", this.key, "{\"account\":\"alice\",\"amount\":26}");
		assertThat(other.status()).isEqualTo(422);
		assertThat(other.problem()).isEqualTo("payload-mismatch");
		assertThat(other.header("Retry-After")).isNull();
		assertThat(other.text()).doesNotContain("alice").doesNotContain(this.key);
		assertThat(client.post("/payments", this.key, PAYMENT).text()).isEqualTo(first.text());
	}

	@Test
	void rule7PathVariablesQueryAndMediaTypeCount() {
		assertThat(put("/accounts/a/limit?amount=10").status()).isEqualTo(200);
		assertThat(put("/accounts/a/limit?amount=10").isReplay()).isTrue();
		assertThat(put("/accounts/a/limit?amount=99").status()).isEqualTo(422);
		assertThat(put("/accounts/b/limit?amount=10").status()).isEqualTo(422);
		client.post("/body/text", this.key, "1", "Content-Type", "text/plain");
		assertThat(client.post("/body/text", this.key, "1", "Content-Type", "application/xml").status()).isEqualTo(422);
	}

	private Answer put(String path) {
		return client.send(client.request("PUT", path, null, "Idempotency-Key", this.key));
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"b\":[1,2],\"a\":{\"x\":null,\"y\":1e2}}",
			" { \"a\" : {\"y\":100.0,\"x\":null},\n" + "\"b\" : [ 1.0 , 2 ] } ",
			"{\"b\":[1,2],\"\\u0061\":{\"x\":null,\"y\":100}}" })
	void rule8JsonOfTheSameMeaningIsOneRequest(String json) {
		Answer first = client.post("/body/json", this.key, "{\"a\":{\"x\":null,\"y\":100},\"b\":[1,2]}");
		assertThat(first.status()).isEqualTo(200);
		Answer second = client.post("/body/json", this.key, json);
		assertThat(second.isReplay()).isTrue();
		assertThat(second.text()).isEqualTo(first.text());
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"a\":{\"y\":100},\"b\":[1,2]}", "{\"a\":{\"x\":null,\"y\":100},\"b\":[2,1]}",
			"{\"a\":{\"x\":null,\"y\":\"100\"},\"b\":[1,2]}",
			"{\"a\":{\"x\":null,\"y\":100.0000000000000000001},\"b\":" + "[1,2]}",
			"{\"a\":{\"x\":null,\"y\":100},\"b\":[1,2],\"b\":[1,2]}" })
	void rule8JsonOfAnotherMeaningIsAMismatch(String json) {
		client.post("/body/json", this.key, "{\"a\":{\"x\":null,\"y\":100},\"b\":[1,2]}");
		assertThat(client.post("/body/json", this.key, json).status()).isEqualTo(422);
	}

	@Test
	void rule8FormsAreReadAndComparedByTheirParameters() {
		String type = "application/x-www-form-urlencoded";
		Answer first = client.post("/body/form", this.key, "a=1&b=x&b=y+z", "Content-Type", type);
		assertThat(first.text()).startsWith("1[x, y z] run ");
		assertThat(client.post("/body/form", this.key, "b=x&b=y%20z&a=1", "Content-Type", type).isReplay()).isTrue();
		assertThat(client.post("/body/form", this.key, "a=2&b=x&b=y+z", "Content-Type", type).status()).isEqualTo(422);
	}

	@Test
	void rule8MultipartIsReadAndComparedByItsParts() {
		Answer first = multipart("one", "content");
		assertThat(first.text()).startsWith("f.txtcontentnote run ");
		assertThat(multipart("two", "content").text()).isEqualTo(first.text());
		assertThat(multipart("three", "changed").status()).isEqualTo(422);
	}

	private Answer multipart(String boundary, String content) {
		String body = "--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f.txt\"\r\n"
				+ "Content-Type: text/plain\r\n\r\n" + content + "\r\n--" + boundary
				+ "\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nnote\r\n--" + boundary + "--\r\n";
		return client.post("/body/multipart", this.key, body, "Content-Type",
				"multipart/form-data; boundary=" + boundary);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/body/text", "/body/stream", "/body/reader" })
	void rule8HandlerReadsTheBodyInItsOwnWay(String path) {
		Answer first = client.post(path, this.key, "h\u00e9llo", "Content-Type", "text/plain;charset=utf-8");
		assertThat(first.text()).startsWith("h\u00e9llo run ");
		assertThat(client.post(path, this.key, "h\u00e9llo", "Content-Type", "text/plain;charset=utf-8").isReplay())
			.isTrue();
		assertThat(client.post(path, this.key, "hallo", "Content-Type", "text/plain;charset=utf-8").status())
			.isEqualTo(422);
	}

	@Test
	void rule8BodyThatTheHandlerIgnoresCounts() {
		assertThat(client.post("/body/ignored", this.key, "{\"a\":1}").status()).isEqualTo(200);
		assertThat(client.post("/body/ignored", this.key, "{\"a\":1}").isReplay()).isTrue();
		assertThat(client.post("/body/ignored", this.key, "{\"a\":2}").status()).isEqualTo(422);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/body/text", "/body/stream", "/body/ignored" })
	void rule9BodyThatIsTooLargeIsRefused(String path) {
		int before = runs.of(path.substring("/body/".length()));
		String large = "x".repeat(65_537);
		Answer answer = client.post(path, this.key, large, "Content-Type", "text/plain");
		assertThat(answer.status()).isEqualTo(413);
		assertThat(answer.problem()).isEqualTo("request-too-large");
		assertThat(runs.of(path.substring("/body/".length()))).isEqualTo(before);
		assertThat(client.post("/unprotected", this.key, large, "Content-Type", "text/plain").text())
			.startsWith("65537 run");
		assertThat(client.post(path, this.key, "x".repeat(65_536), "Content-Type", "text/plain").status())
			.isEqualTo(200);
	}

	@Test
	void rule10ChosenFingerprintReplacesTheBody() {
		client.post("/chosen", this.key, PAYMENT);
		assertThat(client.post("/chosen", this.key, "{\"account\":\"alice\",\"amount\":1}").isReplay()).isTrue();
		assertThat(client.post("/chosen", this.key, "{\"account\":\"bob\",\"amount\":25}").status()).isEqualTo(422);
	}

	// --- problems, nesting, meters

	@Test
	void rule17ProblemHasAllItsMembers() {
		Answer answer = client.send(client.request("POST", "/payments", PAYMENT));
		assertThat(answer.text()).contains("\"type\":\"urn:idempotency:problem:key-missing\"")
			.contains("\"title\":\"")
			.contains("\"status\":400")
			.contains("\"detail\":\"")
			.contains("\"instance\":\"/payments\"")
			.contains("\"retryable\":false");
	}

	@Test
	void rule19CallsInsideAHandlerAreTheirOwnOperations() {
		String a = "a" + this.key;
		String b = "b" + this.key;
		String items = "[\"" + a + "\",\"" + b + "\",\"" + a + "\"]";
		Answer first = client.post("/baskets", this.key, items);
		assertThat(first.text()).isEqualTo("[\"" + a + " charge 1\",\"" + b + " charge 1\",\"" + a + " charge 1\"]");
		assertThat(client.post("/baskets", this.key, items).isReplay()).isTrue();
		assertThat(client.send(client.request("GET", "/charges/" + b, null)).text()).isEqualTo(b + " charge 1");
		assertThat(runs.of("charge-" + a)).isEqualTo(1);
	}

	@Test
	void metersCountEachOutcomeOnceAndNameNoCaller() {
		String operation = "POST /refunds";
		double executed = count(operation, "executed");
		double replayed = count(operation, "replayed");
		double mismatch = count(operation, "payload_mismatch");
		double missing = count(operation, "key_missing");
		client.post("/refunds", this.key, "{}");
		client.post("/refunds", this.key, "{}");
		client.post("/refunds", this.key, "[]");
		client.send(client.request("POST", "/refunds", "{}"));
		assertThat(count(operation, "executed")).isEqualTo(executed + 1);
		assertThat(count(operation, "replayed")).isEqualTo(replayed + 1);
		assertThat(count(operation, "payload_mismatch")).isEqualTo(mismatch + 1);
		assertThat(count(operation, "key_missing")).isEqualTo(missing + 1);
		assertThat(registry().get("idempotency.conflicts").tag("reason", "payload_mismatch").counters()).isNotEmpty();
		assertThat(registry().getMeters()).filteredOn((meter) -> meter.getId().getName().startsWith("idempotency."))
			.isNotEmpty()
			.noneMatch((meter) -> meter.getId().getTags().toString().contains(this.key));
	}

	private static double count(String operation, String outcome) {
		var timer = registry().find("idempotency.operations").tags("operation", operation, "outcome", outcome).timer();
		return (timer != null) ? timer.count() : 0;
	}

	private static MeterRegistry registry() {
		return application.getBean(MeterRegistry.class);
	}

	private static String withoutTime(String text) {
		return text.replaceAll("\"timestamp\":\"[^\"]*\"", "");
	}

}
