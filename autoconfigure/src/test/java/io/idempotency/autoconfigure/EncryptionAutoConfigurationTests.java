package io.idempotency.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;

import io.idempotency.Idempotent;
import io.idempotency.InvalidIdempotencyConfigurationException;
import io.idempotency.PayloadCipher;
import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.memory.InMemoryIdempotencyStore;
import io.idempotency.testsupport.Keysets;
import io.idempotency.tink.TinkPayloadCipher;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/** How encryption and compression are switched on and off, and what fails the start. */
class EncryptionAutoConfigurationTests {

	private static final AutoConfigurations ALL = AutoConfigurations.of(AopAutoConfiguration.class,
			InMemoryIdempotencyStoreAutoConfiguration.class, TinkEncryptionAutoConfiguration.class,
			IdempotencyAutoConfiguration.class);

	private static final String RESULT = "alice paid 25.00 and " + "a".repeat(10_000);

	/** Outlives the contexts of a test. */
	private final RecordingStore store = new RecordingStore();

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(ALL)
		.withPropertyValues("idempotency.store=recording")
		.withBean("recordingIdempotencyStore", IdempotencyStore.class, () -> this.store)
		.withBean(Charging.class);

	@TempDir
	private Path directory;

	private Path keyset;

	@BeforeEach
	void writeKeyset() throws Exception {
		this.keyset = Files.writeString(this.directory.resolve("keyset.json"), Keysets.of(1));
	}

	@Test
	void nothingIsEncryptedByDefaultAndLargeResultsAreCompressed() {
		this.runner.run((context) -> {
			assertThat(context).doesNotHaveBean(PayloadCipher.class);
			charge(context.getBean(Charging.class));
			assertThat(this.store.payload.length).isLessThan(1000);
		});
	}

	@Test
	void recordsStayReadableWhicheverWayCompressionIsSwitched() {
		ApplicationContextRunner off = this.runner.withPropertyValues("idempotency.compression.enabled=false");
		off.run((context) -> charge(context.getBean(Charging.class)));
		assertThat(new String(this.store.payload, StandardCharsets.UTF_8)).isEqualTo("\"" + RESULT + "\"");
		this.runner.run((context) -> assertReplayed(context.getBean(Charging.class), "a"));
		this.runner.run((context) -> context.getBean(Charging.class).charge("b"));
		assertThat(this.store.payload.length).isLessThan(1000);
		off.run((context) -> assertReplayed(context.getBean(Charging.class), "b"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "file:", "" })
	void keysetInAFileEncryptsEveryStore(String protocol) {
		this.runner.withPropertyValues("idempotency.encryption.keyset=" + protocol + this.keyset)
			.run((context) -> assertEncrypts(context.getBean(Charging.class)));
	}

	@Test
	void barePathIsAFileInAWebApplicationToo() {
		new WebApplicationContextRunner().withConfiguration(ALL)
			.withPropertyValues("idempotency.store=memory", "idempotency.encryption.keyset=" + this.keyset)
			.run((context) -> assertThat(context).hasSingleBean(TinkPayloadCipher.class));
	}

	@Test
	void keysetInBase64Encrypts() {
		String base64 = Base64.getEncoder().encodeToString(Keysets.of(1).getBytes(StandardCharsets.UTF_8));
		this.runner.withPropertyValues("idempotency.encryption.keyset=base64:" + base64).run((context) -> {
			assertEncrypts(context.getBean(Charging.class));
			assertThat(context.getBean(IdempotencyProperties.class).toString()).contains("keyset=***")
				.doesNotContain(base64);
		});
	}

	@Test
	void unencryptedRecordsAreReplayedOnlyWhereTheyAreAccepted() {
		this.runner.run((context) -> charge(context.getBean(Charging.class)));
		ApplicationContextRunner encrypting = this.runner
			.withPropertyValues("idempotency.encryption.keyset=" + this.keyset);
		encrypting.run((context) -> assertThat(context.getBean(Charging.class)).satisfies((charging) -> {
			assertThat(refusal(charging))
				.hasRootCauseMessage("A stored result is not encrypted, and only encrypted ones are accepted");
			assertThat(charging.runs()).isZero();
		}));
		encrypting.withPropertyValues("idempotency.encryption.accept-unencrypted=true")
			.run((context) -> assertReplayed(context.getBean(Charging.class), "a"));
	}

	@Test
	void recordThatIsEncryptedIsRefusedAfterEncryptionWasSwitchedOff() {
		this.runner.withPropertyValues("idempotency.encryption.keyset=" + this.keyset)
			.run((context) -> charge(context.getBean(Charging.class)));
		this.runner.run((context) -> {
			Charging charging = context.getBean(Charging.class);
			assertThat(refusal(charging)).hasRootCauseMessage("A stored result is encrypted, and there is no key");
			assertThat(charging.runs()).isZero();
		});
	}

	// --- beans and class path

	@Test
	void cipherOfTheApplicationComesFirst() {
		this.runner.withPropertyValues("idempotency.encryption.keyset=" + this.keyset)
			.withBean(Reversing.class)
			.run((context) -> {
				assertThat(context).doesNotHaveBean(TinkPayloadCipher.class);
				assertEncrypts(context.getBean(Charging.class));
			});
	}

	@Test
	void tinkIsNotNeededWhileNothingIsEncryptedByIt() {
		ApplicationContextRunner without = this.runner
			.withClassLoader(new FilteredClassLoader("com.google.crypto.tink"));
		without.run((context) -> {
			charge(context.getBean(Charging.class));
			assertReplayed(context.getBean(Charging.class), "a");
		});
		without.withBean(Reversing.class).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void disabledIsReallyOff() {
		this.runner.withPropertyValues("idempotency.enabled=false", "idempotency.encryption.keyset=nowhere.json")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(PayloadCipher.class));
	}

	// --- what fails the start

	@Test
	void keysetWithoutTinkFailsTheStart() {
		assertFails(
				this.runner.withClassLoader(new FilteredClassLoader("com.google.crypto.tink"))
					.withPropertyValues("idempotency.encryption.keyset=" + this.keyset),
				"nothing that encrypts", "Add com.google.crypto.tink:tink");
	}

	@ParameterizedTest
	@ValueSource(strings = { "file:/nowhere/keyset.json", "/nowhere/keyset.json", "classpath:nowhere.json",
			"unknown:keyset", "/" })
	void keysetThatCannotBeReadFailsTheStart(String location) {
		assertFails(this.runner.withPropertyValues("idempotency.encryption.keyset=" + location), "cannot be read",
				"Set idempotency.encryption.keyset to the location of a file");
	}

	@Test
	void keysetThatCannotBeUsedFailsTheStart() throws Exception {
		for (String broken : new String[] { "", "no json", Keysets.mac(), Keysets.encrypted(),
				Keysets.of(1).replace("\"primaryKeyId\":1", "\"primaryKeyId\":7") }) {
			Files.writeString(this.keyset, broken);
			assertFails(this.runner.withPropertyValues("idempotency.encryption.keyset=" + this.keyset),
					"cannot be used", "tinkey create-keyset");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "  " })
	void keysetWithoutAValueFailsTheStart(String nothing) {
		assertFails(this.runner.withPropertyValues("idempotency.encryption.keyset=" + nothing),
				"idempotency.encryption.keyset", "or remove it");
	}

	@Test
	void brokenBase64FailsTheStartAndIsNotTold() {
		this.runner.withPropertyValues("idempotency.encryption.keyset=base64:s3cr3t!")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidIdempotencyConfigurationException.class)
				.hasMessageContaining("is no location")
				.hasMessageNotContaining("s3cr3t"));
	}

	private static void assertFails(ApplicationContextRunner runner, String description, String action) {
		runner.run((context) -> assertThat(context).getFailure().satisfies((failure) -> {
			Throwable found = failure;
			while (found != null && !(found instanceof InvalidIdempotencyConfigurationException)) {
				found = found.getCause();
			}
			assertThat(found).isInstanceOfSatisfying(InvalidIdempotencyConfigurationException.class, (invalid) -> {
				assertThat(invalid.getDescription()).contains(description);
				assertThat(invalid.getAction()).contains(action);
			});
		}));
	}

	private void assertEncrypts(Charging charging) {
		charge(charging);
		assertThat(this.store.payload[0]).isEqualTo((byte) 0xFD);
		assertThat(new String(this.store.payload, StandardCharsets.ISO_8859_1)).doesNotContain("alice");
		assertReplayed(charging, "a");
	}

	private static void charge(Charging charging) {
		assertThat(charging.charge("a")).isEqualTo(RESULT);
		assertThat(charging.runs()).isOne();
	}

	private static void assertReplayed(Charging charging, String item) {
		int before = charging.runs();
		assertThat(charging.charge(item)).isEqualTo(RESULT);
		assertThat(charging.runs()).isEqualTo(before);
	}

	private static Throwable refusal(Charging charging) {
		try {
			return new AssertionError("Not refused: " + charging.charge("a"));
		}
		catch (RuntimeException ex) {
			return ex;
		}
	}

	public static class Charging {

		private int runs;

		@Idempotent(key = "#item", operation = "charge")
		public String charge(String item) {
			this.runs++;
			return RESULT;
		}

		public int runs() {
			return this.runs;
		}

	}

	/** A store of an application, and the last bytes that it was given. */
	private static final class RecordingStore implements IdempotencyStore {

		private final InMemoryIdempotencyStore records = new InMemoryIdempotencyStore(1_000_000);

		private byte[] payload = new byte[0];

		@Override
		public ClaimOutcome claim(Claim claim) {
			return this.records.claim(claim);
		}

		@Override
		public boolean renew(Claim claim) {
			return this.records.renew(claim);
		}

		@Override
		public boolean complete(Claim claim, StoredResult result, Duration retention) {
			this.payload = result.payload();
			return this.records.complete(claim, result, retention);
		}

		@Override
		public boolean release(Claim claim) {
			return this.records.release(claim);
		}

		@Override
		public boolean abandon(Claim claim) {
			return this.records.abandon(claim);
		}

	}

	/** Of no use but here. */
	static class Reversing implements PayloadCipher {

		@Override
		public byte[] encrypt(byte[] plaintext, byte[] associatedData) {
			return reverse(plaintext);
		}

		@Override
		public byte[] decrypt(byte[] ciphertext, byte[] associatedData) throws GeneralSecurityException {
			return reverse(ciphertext);
		}

		private static byte[] reverse(byte[] bytes) {
			byte[] reversed = new byte[bytes.length];
			for (int i = 0; i < bytes.length; i++) {
				reversed[i] = bytes[bytes.length - 1 - i];
			}
			return reversed;
		}

	}

}
