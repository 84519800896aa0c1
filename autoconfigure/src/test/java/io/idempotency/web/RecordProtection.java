package io.idempotency.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import io.idempotency.Idempotent;
import io.idempotency.testsupport.HttpDialogue;
import io.idempotency.testsupport.HttpDialogue.Answer;
import io.idempotency.testsupport.Keysets;
import io.idempotency.testsupport.RedisProcess;
import io.idempotency.testsupport.RedisRecords;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.http.HttpServletRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Encrypted records from the socket to a real Redis, whose bytes are read and changed
 * behind the application's back. The application would run calls unprotected where the
 * store is down, so that nothing but the record keeps a method from running.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RecordProtection {

	private static final String IBAN = "DE02120300000000202051";

	private static final String TRACE = "trace-of-alice";

	/** One that is written out in a record, as common ones are not. */
	private static final String TYPE = "text/x-transfer";

	private static final String BODY = "{\"iban\":\"" + IBAN + "\"}";

	// the envelope: version and state, a byte of the owner, fingerprint, payload

	private static final int OWNER = 1;

	private static final int FINGERPRINT = 2;

	private static final int PAYLOAD = 18;

	private Path directory;

	private Path keyset;

	private RedisRecords records;

	private ConfigurableApplicationContext application;

	private HttpDialogue client;

	abstract RedisProcess startRedis(String... settings);

	@BeforeAll
	void start(@TempDir Path temporary) throws IOException {
		this.directory = temporary;
		this.records = new RedisRecords(this::startRedis);
		this.keyset = write("keyset.json", Keysets.of(1));
		this.application = encrypting(this.keyset);
		this.client = WebTestApplication.client(this.application);
	}

	@AfterAll
	void stop() throws IOException {
		this.application.close();
		this.records.close();
	}

	@BeforeEach
	void clear() {
		this.records.clear();
	}

	// --- what is in Redis

	@Test
	void plainTextIsNowhereInRedis() throws IOException {
		String key = "caller-key-" + UUID.randomUUID();
		for (int copies : new int[] { 1, 1000 }) {
			assertThat(transfer(this.client, key + copies, copies).status()).isEqualTo(200);
			assertThat(transfer(this.client, key + copies, copies).isReplay()).isTrue();
		}
		// of two records name, value and DUMP; and the file
		assertThat(this.records.everything()).hasSize(7)
			.allSatisfy((bytes) -> assertThat(bytes).doesNotContain(key, IBAN, TRACE, TYPE, "X-Trace"));
	}

	/** So the search above would have found what it looked for. */
	@Test
	void plainTextIsInRedisWithoutEncryption() throws IOException {
		String key = "caller-key-" + UUID.randomUUID();
		try (ConfigurableApplicationContext plain = application("idempotency.compression.enabled=false")) {
			HttpDialogue plainClient = WebTestApplication.client(plain);
			assertThat(transfer(plainClient, key, 1).status()).isEqualTo(200);
			for (String marker : new String[] { IBAN, TRACE, TYPE, "X-Trace" }) {
				assertThat(this.records.everything()).filteredOn((bytes) -> bytes.contains(marker)).hasSize(3);
			}
			assertThat(this.records.everything()).noneMatch((bytes) -> bytes.contains(key));
		}
	}

	@Test
	void unencryptedRecordIsRefusedUnlessItIsAccepted() throws IOException {
		String key = UUID.randomUUID().toString();
		try (ConfigurableApplicationContext plain = application();
				ConfigurableApplicationContext migrating = encrypting(this.keyset,
						"idempotency.encryption.accept-unencrypted=true")) {
			HttpDialogue plainClient = WebTestApplication.client(plain);
			Answer first = transfer(plainClient, key, 1);
			int before = runs(this.application);
			assertRefused(this.client, key);
			assertThat(runs(this.application)).isEqualTo(before);
			assertThat(transfer(WebTestApplication.client(migrating), key, 1).bytes()).isEqualTo(first.bytes());
			assertThat(runs(migrating)).isZero();

			String encrypted = UUID.randomUUID().toString();
			assertThat(transfer(this.client, encrypted, 1).status()).isEqualTo(200);
			assertRefused(plainClient, encrypted);
			assertThat(runs(plain)).isEqualTo(1);
		}
	}

	// --- rotation

	@Test
	void rotationOfKeysMidRunLosesNoReplay() throws IOException {
		Path file = write("rotated.json", Keysets.of(1));
		Path others = write("others.json", Keysets.of(2, 1));
		String old = UUID.randomUUID().toString();
		String fresh = UUID.randomUUID().toString();
		try (ConfigurableApplicationContext running = encrypting(file)) {
			HttpDialogue runningClient = WebTestApplication.client(running);
			Answer first = transfer(runningClient, old, 1);
			Answer second;

			// another instance has the new key already, and uses it
			try (ConfigurableApplicationContext other = encrypting(others)) {
				HttpDialogue otherClient = WebTestApplication.client(other);
				assertReplayed(otherClient, old, first);
				String name = this.records.addedBy(() -> transfer(otherClient, fresh, 1));
				assertThat(keyId(name)).isEqualTo(2);
				second = transfer(otherClient, fresh, 1);
			}
			assertRefused(runningClient, fresh);

			// this one learns the key when it meets the record, and encrypts with it then
			write("rotated.json", Keysets.of(2, 1));
			await().atMost(Duration.ofSeconds(20)).until(() -> transfer(runningClient, fresh, 1).status() == 200);
			assertReplayed(runningClient, fresh, second);
			assertReplayed(runningClient, old, first);
			String next = this.records.addedBy(() -> transfer(runningClient, UUID.randomUUID().toString(), 1));
			assertThat(keyId(next)).isEqualTo(2);
			assertThat(runs(running)).isEqualTo(2);
		}
		// the old key is gone too early: refused, and never run
		write("others.json", Keysets.of(2));
		try (ConfigurableApplicationContext hasty = encrypting(others)) {
			HttpDialogue hastyClient = WebTestApplication.client(hasty);
			assertRefused(hastyClient, old);
			assertThat(transfer(hastyClient, fresh, 1).isReplay()).isTrue();
			assertThat(runs(hasty)).isZero();
		}
	}

	@Test
	void runningInstanceEncryptsWithANewPrimaryKeyByItself() throws IOException {
		Path file = write("promoted.json", Keysets.of(1));
		String old = UUID.randomUUID().toString();
		try (ConfigurableApplicationContext running = encrypting(file)) {
			HttpDialogue runningClient = WebTestApplication.client(running);
			Answer first = transfer(runningClient, old, 1);
			write("promoted.json", Keysets.of(2, 1));
			await().atMost(Duration.ofSeconds(30)).until(() -> {
				String name = this.records.addedBy(() -> transfer(runningClient, UUID.randomUUID().toString(), 1));
				return keyId(name) == 2;
			});
			assertReplayed(runningClient, old, first);
		}
	}

	/** Behind marker and version byte Tink says which key it was. */
	private int keyId(String name) {
		return this.records.get(name).charAt(PAYLOAD + 5);
	}

	// --- records that were changed

	@Test
	void swappedRecordsAreRefused() {
		String one = UUID.randomUUID().toString();
		String other = UUID.randomUUID().toString();
		// the same request, so nothing but the key tells the two records apart
		String nameOfOne = this.records.addedBy(() -> transfer(this.client, one, 1));
		String nameOfOther = this.records.addedBy(() -> transfer(this.client, other, 1));
		String valueOfOne = this.records.get(nameOfOne);
		String valueOfOther = this.records.get(nameOfOther);
		assertThat(valueOfOne.substring(FINGERPRINT, PAYLOAD)).isEqualTo(valueOfOther.substring(FINGERPRINT, PAYLOAD));
		int before = runs(this.application);
		double errors = count("idempotency.store", "command", "claim", "outcome", "error");

		this.records.put(nameOfOne, valueOfOther);
		this.records.put(nameOfOther, valueOfOne);
		assertRefused(this.client, one);
		assertRefused(this.client, other);
		assertThat(count("idempotency.store", "command", "claim", "outcome", "error")).isEqualTo(errors + 2);

		this.records.put(nameOfOne, valueOfOne);
		this.records.put(nameOfOther, valueOfOther);
		assertThat(transfer(this.client, one, 1).isReplay()).isTrue();
		assertThat(transfer(this.client, other, 1).isReplay()).isTrue();
		assertThat(runs(this.application)).isEqualTo(before);
	}

	/** Two callers, one key, one request. */
	@Test
	void rule4RecordOfAnotherCallerIsRefused() {
		String key = UUID.randomUUID().toString();
		String nameOfA = this.records.addedBy(() -> transfer(this.client, key, 1, "X-Tenant", "a"));
		String nameOfB = this.records.addedBy(() -> transfer(this.client, key, 1, "X-Tenant", "b"));
		this.records.put(nameOfB, this.records.get(nameOfA));
		int before = runs(this.application);
		assertRefused(this.client, key, "X-Tenant", "b");
		assertThat(transfer(this.client, key, 1, "X-Tenant", "a").isReplay()).isTrue();
		assertThat(runs(this.application)).isEqualTo(before);
	}

	@Test
	void tamperedRecordsAreRefusedAndNeverRunTheMethod() {
		String key = UUID.randomUUID().toString();
		String name = this.records.addedBy(() -> transfer(this.client, key, 1));
		String value = this.records.get(name);
		Answer first = transfer(this.client, key, 1);
		int before = runs(this.application);
		double refusals = count("idempotency.operations", "outcome", "store_unavailable");
		for (int i = 0; i < value.length(); i++) {
			StringBuilder changed = new StringBuilder(value);
			changed.setCharAt(i, (char) (value.charAt(i) ^ 0x40));
			this.records.put(name, changed.toString());
			if (i == OWNER) {
				// no replay depends on who the owner was
				assertReplayed(this.client, key, first);
			}
			else {
				assertRefused(this.client, key);
			}
		}
		for (int length = 0; length < value.length(); length += 3) {
			this.records.put(name, value.substring(0, length));
			assertRefused(this.client, key);
		}
		assertThat(runs(this.application)).isEqualTo(before);
		assertThat(count("idempotency.operations", "outcome", "store_unavailable") - refusals)
			.isGreaterThan(value.length());
		this.records.put(name, value);
		assertReplayed(this.client, key, first);
	}

	private static void assertReplayed(HttpDialogue client, String key, Answer first) {
		Answer replay = transfer(client, key, 1);
		assertThat(replay.isReplay()).isTrue();
		assertThat(replay.header("X-Trace")).isEqualTo(TRACE);
		assertThat(replay.bytes()).isEqualTo(first.bytes());
	}

	private static void assertRefused(HttpDialogue client, String key, String... headers) {
		Answer refused = transfer(client, key, 1, headers);
		assertThat(refused.status()).isEqualTo(503);
		assertThat(refused.problem()).isEqualTo("store-unavailable");
		assertThat(refused.header("Retry-After")).isNotNull();
		assertThat(refused.text()).doesNotContain(IBAN, TRACE, key, "decrypt", "keyset");
	}

	private static Answer transfer(HttpDialogue client, String key, int copies, String... headers) {
		return client.post("/secret-transfers?copies=" + copies, key, BODY, headers);
	}

	private double count(String timer, String... tags) {
		return this.application.getBean(MeterRegistry.class)
			.find(timer)
			.tags(tags)
			.timers()
			.stream()
			.mapToLong((found) -> found.count())
			.sum();
	}

	private static int runs(ConfigurableApplicationContext application) {
		return application.getBean(TestHandlers.Runs.class).of("secret-transfers");
	}

	// --- applications

	private ConfigurableApplicationContext encrypting(Path file, String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("idempotency.encryption.keyset=" + file);
		return application(all.toArray(String[]::new));
	}

	private ConfigurableApplicationContext application(String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.addAll(List.of("idempotency.store=redis", "idempotency.on-store-failure=proceed",
				"idempotency.store-timeout=5s", "spring.data.redis.host=127.0.0.1",
				"spring.data.redis.port=" + this.records.port(),
				"logging.level.io.idempotency.engine.ProtectedStore=off"));
		return WebTestApplication.start(new Class<?>[] { Transfers.class, Tenants.class }, all.toArray(String[]::new));
	}

	/** As a mounted secret changes: another file is in its place. */
	private Path write(String name, String content) throws IOException {
		Path next = Files.writeString(this.directory.resolve("next"), content);
		return Files.move(next, this.directory.resolve(name), StandardCopyOption.ATOMIC_MOVE,
				StandardCopyOption.REPLACE_EXISTING);
	}

	@RestController
	static class Transfers {

		private final TestHandlers.Runs runs;

		Transfers(TestHandlers.Runs runs) {
			this.runs = runs;
		}

		@Idempotent
		@PostMapping("/secret-transfers")
		ResponseEntity<String> transfer(@RequestBody String body, @RequestParam int copies) {
			String text = "run " + this.runs.count("secret-transfers") + " ";
			return ResponseEntity.ok()
				.contentType(MediaType.valueOf(TYPE))
				.header("X-Trace", TRACE)
				.body(text + body.repeat(copies));
		}

	}

	static class Tenants implements IdempotencyScopeResolver {

		@Override
		public String resolve(HttpServletRequest request) {
			return request.getHeader("X-Tenant");
		}

	}

}
