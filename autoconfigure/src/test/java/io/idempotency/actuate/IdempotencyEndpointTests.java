package io.idempotency.actuate;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.UUID;

import io.idempotency.testsupport.HttpDialogue;
import io.idempotency.testsupport.HttpDialogue.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.actuate.audit.AuditEvent;
import org.springframework.boot.actuate.audit.AuditEventRepository;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/** What an operator sees and does, on a real server with Spring Security. */
@ExtendWith(OutputCaptureExtension.class)
class IdempotencyEndpointTests {

	private static final String BODY = "{\"amount\":\"secret amount\"}";

	private static final String OPERATION = "POST /accounts/{id}/withdrawals";

	private static ConfigurableApplicationContext application;

	private static HttpDialogue client;

	private static EndpointApplication.Runs runs;

	private final String key = "caller-key-" + UUID.randomUUID();

	@BeforeAll
	static void start() {
		application = EndpointApplication.start("management.endpoints.web.exposure.include=idempotency",
				"management.endpoint.idempotency.access=unrestricted");
		client = client(application);
		runs = application.getBean(EndpointApplication.Runs.class);
	}

	private static HttpDialogue client(ConfigurableApplicationContext application) {
		return new HttpDialogue(((WebServerApplicationContext) application).getWebServer().getPort());
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@BeforeEach
	void work() {
		runs.failing = false;
	}

	@Test
	void operationsAreShownWithTheirSettings() {
		Answer answer = get("", "oscar");
		assertThat(answer.status()).isEqualTo(200);
		JsonNode operations = json(answer).get("operations");
		assertThat(operations.findValuesAsString("name")).containsExactly(OPERATION, "import");
		JsonNode withdrawal = operations.get(0);
		assertThat(withdrawal.get("store").asString()).isEqualTo("memory");
		assertThat(withdrawal.get("ttl").asString()).isEqualTo("PT1H");
		assertThat(withdrawal.get("lease").asString()).isEqualTo("PT30S");
		assertThat(withdrawal.get("recovery").asString()).isEqualTo("HOLD");
		assertThat(withdrawal.get("required").asBoolean()).isTrue();
		assertThat(operations.get(1).get("required").asBoolean()).isFalse();
	}

	@Test
	void recordIsFoundByKeyAndByDigestAndShowsNoSecret() {
		withdraw();
		Answer byKey = operate("look", byKey());
		assertThat(byKey.status()).isEqualTo(200);
		JsonNode record = json(byKey);
		assertThat(record.get("state").asString()).isEqualTo("COMPLETED");
		assertThat(record.get("size").asLong()).isPositive();
		Answer byDigest = get(
				"/" + record.get("record").asString() + "?operation=POST%20/accounts/%7Bid%7D/withdrawals", "oscar");
		assertThat(byDigest.status()).isEqualTo(200);
		assertThat(json(byDigest).get("state").asString()).isEqualTo("COMPLETED");
		for (Answer answer : List.of(byKey, byDigest)) {
			assertThat(answer.text()).doesNotContain("secret", this.key, "alice", BODY);
			assertThat(json(answer).get("fingerprint").isNull()).isTrue();
		}
	}

	@Test
	void unknownOutcomeThatIsReleasedLetsTheMethodRunAgain(CapturedOutput output) {
		runs.failing = true;
		assertThat(withdraw().status()).isEqualTo(500);
		runs.failing = false;
		assertThat(withdraw().problem()).isEqualTo("outcome-unknown");
		int before = runs.count.get();
		Answer released = operate("release", byKey());
		assertThat(released.status()).isEqualTo(200);
		assertThat(json(released).get("state").asString()).isEqualTo("UNKNOWN");
		assertThat(withdraw().text()).isEqualTo("secret answer of run " + (before + 1));
		AuditEvent event = audited().get(audited().size() - 1);
		assertThat(event.getPrincipal()).isEqualTo("oscar");
		assertThat(event.getType()).isEqualTo("IDEMPOTENCY_RELEASE");
		assertThat(event.getData()).containsEntry("operation", OPERATION)
			.containsEntry("state", "UNKNOWN")
			.containsEntry("done", "true");
		assertThat(event.getData().toString()).doesNotContain(this.key);
		assertThat(output).contains("An operator asked to release a record of " + OPERATION);
		assertThat(output).doesNotContain(this.key);
	}

	@Test
	void completedRecordIsNotReleasedButForgotten() {
		withdraw();
		int before = runs.count.get();
		assertThat(operate("release", byKey()).status()).isEqualTo(409);
		assertThat(audited().get(audited().size() - 1).getData()).containsEntry("done", "false");
		assertThat(withdraw().isReplay()).isTrue();
		assertThat(operate("forget", byKey()).status()).isEqualTo(200);
		assertThat(withdraw().isReplay()).isFalse();
		assertThat(runs.count).hasValue(before + 1);
	}

	@Test
	void absentRecordIsNotFound() {
		for (String action : List.of("look", "release", "forget")) {
			assertThat(operate(action, byKey()).status()).as(action).isEqualTo(404);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "{\"operation\":\"refund\",\"key\":\"k\"}", "{\"key\":\"k\"}",
			"{\"operation\":\"import\"}", "{\"operation\":\"import\",\"record\":\"short\"}",
			"{\"operation\":\"import\",\"record\":\"0123456789012345678901\",\"key\":\"k\"}",
			"{\"operation\":\"import\",\"key\":\"k\",\"store\":\"nowhere\"}" })
	void whatNamesNoRecordIsABadRequest(String body) {
		assertThat(operate("look", body).status()).isEqualTo(400);
		assertThat(operate("release", body).status()).isEqualTo(400);
	}

	@Test
	void unknownActionChangesNothing() {
		assertThat(operate("destroy", byKey()).status()).isBetween(400, 499);
	}

	@Test
	void recordOfAnOperationThatIsNotKnownIsFoundInItsStore() {
		assertThat(operate("look", "{\"operation\":\"made up\",\"key\":\"k\",\"store\":\"memory\"}").status())
			.isEqualTo(404);
	}

	@Test
	void whoIsNoOperatorIsRefused() {
		withdraw();
		int audited = audited().size();
		assertThat(get("", "alice").status()).isEqualTo(403);
		assertThat(post("forget", byKey(), "alice").status()).isEqualTo(403);
		assertThat(client.send(client.request("GET", "/actuator/idempotency", null)).status()).isEqualTo(401);
		assertThat(withdraw().isReplay()).isTrue();
		assertThat(audited()).hasSize(audited);
	}

	@Test
	void endpointIsNotExposedByDefault() {
		try (ConfigurableApplicationContext plain = EndpointApplication.start()) {
			assertThat(plain.getBeansOfType(IdempotencyEndpoint.class)).isEmpty();
			assertThat(
					client(plain).send(client(plain).request("GET", "/actuator/idempotency", null, authorized("oscar")))
						.status())
				.isEqualTo(404);
		}
	}

	@Test
	void exposedEndpointOnlyReadsUnlessMoreIsSaid() {
		try (ConfigurableApplicationContext reading = EndpointApplication
			.start("management.endpoints.web.exposure.include=*", "idempotency.endpoint.show-fingerprints=true")) {
			HttpDialogue reader = client(reading);
			reader.post("/accounts/1/withdrawals", this.key, BODY, authorized("alice"));
			assertThat(reader.send(reader.request("GET", "/actuator/idempotency", null, authorized("oscar"))).status())
				.isEqualTo(200);
			assertThat(reader.send(reader.request("POST", "/actuator/idempotency/forget", byKey(), authorized("oscar")))
				.status()).isIn(404, 405);
			assertThat(reader.post("/accounts/1/withdrawals", this.key, BODY, authorized("alice")).isReplay()).isTrue();
		}
	}

	@Test
	void fingerprintIsShownWhereAPropertyAllowsIt() {
		try (ConfigurableApplicationContext open = EndpointApplication.start(
				"management.endpoints.web.exposure.include=idempotency",
				"management.endpoint.idempotency.access=unrestricted", "idempotency.endpoint.show-fingerprints=true")) {
			HttpDialogue other = client(open);
			other.post("/accounts/1/withdrawals", this.key, BODY, authorized("alice"));
			Answer answer = other
				.send(other.request("POST", "/actuator/idempotency/look", byKey(), authorized("oscar")));
			assertThat(json(answer).get("fingerprint").asString()).matches("[0-9a-f]{32}");
		}
	}

	private Answer withdraw() {
		return client.post("/accounts/1/withdrawals", this.key, BODY, authorized("alice"));
	}

	private String byKey() {
		return "{\"operation\":\"" + OPERATION + "\",\"scope\":\"principal:0::alice\",\"key\":\"" + this.key + "\"}";
	}

	private static Answer operate(String action, String body) {
		return post(action, body, "oscar");
	}

	private static Answer post(String action, String body, String user) {
		return client.send(client.request("POST", "/actuator/idempotency/" + action, body, authorized(user)));
	}

	private static Answer get(String path, String user) {
		return client.send(client.request("GET", "/actuator/idempotency" + path, null, authorized(user)));
	}

	private static String[] authorized(String user) {
		return new String[] { "Authorization",
				"Basic " + Base64.getEncoder().encodeToString((user + ":pass").getBytes(StandardCharsets.UTF_8)) };
	}

	private static List<AuditEvent> audited() {
		return application.getBean(AuditEventRepository.class)
			.find(null, null, null)
			.stream()
			.filter((event) -> event.getType().startsWith("IDEMPOTENCY"))
			.toList();
	}

	private static JsonNode json(Answer answer) {
		return new JsonMapper().readTree(answer.text());
	}

}
