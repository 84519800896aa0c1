package io.idempotency.tink;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.HexFormat;

import io.idempotency.InvalidIdempotencyConfigurationException;
import io.idempotency.testsupport.Keysets;
import io.idempotency.testsupport.MutableTicker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Keysets: those that work, those that do not, and those that change. */
@ExtendWith(OutputCaptureExtension.class)
class TinkPayloadCipherTests {

	private static final byte[] SECRET = "secret".getBytes(StandardCharsets.UTF_8);

	private static final byte[] RECORD = "record".getBytes(StandardCharsets.UTF_8);

	/** Of no use but here. */
	private static final String FROZEN_KEYSET = """
			{"primaryKeyId":1,"key":[{"keyData":{"typeUrl":"type.googleapis.com/google.crypto.tink.AesGcmKey",
			"value":"GhAAAQIDBAUGBwgJCgsMDQ4P","keyMaterialType":"SYMMETRIC"},"status":"ENABLED","keyId":1,
			"outputPrefixType":"TINK"}]}
			""";

	private static final String FROZEN_CIPHERTEXT = "01000000017063cf1a0d7423b563de219a45a19647849013af2367d04a49dc922ad0119a6c202c";

	private static final LoggingSystem logging = LoggingSystem.get(TinkPayloadCipherTests.class.getClassLoader());

	private final MutableTicker clock = new MutableTicker();

	@TempDir
	private Path directory;

	private Path file;

	@BeforeEach
	void nameFile() {
		this.file = this.directory.resolve("keyset.json");
		// an application of another test may have turned it down
		logging.setLogLevel(KeysetResource.class.getName(), LogLevel.INFO);
	}

	@AfterEach
	void resetLogging() {
		logging.setLogLevel(KeysetResource.class.getName(), null);
	}

	@Test
	void whatWasEncryptedIsDecrypted() throws Exception {
		write(Keysets.of(1));
		TinkPayloadCipher cipher = cipher();
		byte[] ciphertext = cipher.encrypt(SECRET, RECORD);
		assertThat(new String(ciphertext, StandardCharsets.ISO_8859_1)).doesNotContain("secret");
		assertThat(cipher.decrypt(ciphertext, RECORD)).isEqualTo(SECRET);
		assertThatExceptionOfType(GeneralSecurityException.class)
			.isThrownBy(() -> cipher.decrypt(ciphertext, "other".getBytes(StandardCharsets.UTF_8)));
	}

	@Test
	void readsTheFrozenBytes() throws Exception {
		write(FROZEN_KEYSET);
		assertThat(cipher().decrypt(HexFormat.of().parseHex(FROZEN_CIPHERTEXT), RECORD)).isEqualTo(SECRET);
	}

	@Test
	void primaryKeyEncryptsAndEveryKeyDecrypts() throws Exception {
		write(Keysets.of(1));
		byte[] old = cipher().encrypt(SECRET, RECORD);
		write(Keysets.of(2, 1));
		TinkPayloadCipher rotated = cipher();
		assertThat(rotated.decrypt(old, RECORD)).isEqualTo(SECRET);
		byte[] fresh = rotated.encrypt(SECRET, RECORD);
		write(Keysets.of(2));
		assertThat(cipher().decrypt(fresh, RECORD)).isEqualTo(SECRET);
		assertThatExceptionOfType(GeneralSecurityException.class).isThrownBy(() -> cipher().decrypt(old, RECORD));
	}

	// --- files that change

	@Test
	void changedFileIsReadAgainWithinTenSeconds(CapturedOutput output) throws Exception {
		write(Keysets.of(1));
		TinkPayloadCipher cipher = cipher();
		write(Keysets.of(2, 1));
		this.clock.advance(Duration.ofSeconds(9));
		byte[] before = cipher.encrypt(SECRET, RECORD);
		this.clock.advance(Duration.ofSeconds(1));
		byte[] after = cipher.encrypt(SECRET, RECORD);
		assertThat(keyOf(before)).isEqualTo(1);
		assertThat(keyOf(after)).isEqualTo(2);
		assertThat(cipher.decrypt(before, RECORD)).isEqualTo(SECRET);
		assertThat(output).contains("was read again");
	}

	@Test
	void recordOfANewKeyIsReadAtOnceAndLooksAtTheFileOnceASecond() throws Exception {
		write(Keysets.of(1));
		TinkPayloadCipher late = cipher();
		write(Keysets.of(2, 1));
		byte[] fresh = cipher().encrypt(SECRET, RECORD);
		assertThatExceptionOfType(GeneralSecurityException.class).isThrownBy(() -> late.decrypt(fresh, RECORD));
		this.clock.advance(Duration.ofSeconds(1));
		assertThat(late.decrypt(fresh, RECORD)).isEqualTo(SECRET);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "{", "{}", "no json", "{\"primaryKeyId\":1,\"key\":[]}" })
	void brokenFileKeepsTheFormerKeysAndIsReportedOnce(String broken, CapturedOutput output) throws Exception {
		write(Keysets.of(1));
		TinkPayloadCipher cipher = cipher();
		byte[] old = cipher.encrypt(SECRET, RECORD);
		write(broken);
		for (int i = 0; i < 5; i++) {
			this.clock.advance(Duration.ofSeconds(10));
			assertThat(cipher.decrypt(cipher.encrypt(SECRET, RECORD), RECORD)).isEqualTo(SECRET);
		}
		assertThat(StringUtils.countOccurrencesOf(output.getAll(), "stay in use")).isOne();
		write(Keysets.of(2, 1));
		this.clock.advance(Duration.ofSeconds(10));
		assertThat(keyOf(cipher.encrypt(SECRET, RECORD))).isEqualTo(2);
		assertThat(cipher.decrypt(old, RECORD)).isEqualTo(SECRET);
	}

	@Test
	void missingFileKeepsTheFormerKeysAndIsReportedOnce(CapturedOutput output) throws Exception {
		write(Keysets.of(1));
		TinkPayloadCipher cipher = cipher();
		Files.delete(this.file);
		for (int i = 0; i < 5; i++) {
			this.clock.advance(Duration.ofSeconds(10));
			assertThat(keyOf(cipher.encrypt(SECRET, RECORD))).isEqualTo(1);
		}
		assertThat(StringUtils.countOccurrencesOf(output.getAll(), "stay in use")).isOne();
		write(Keysets.of(2, 1));
		this.clock.advance(Duration.ofSeconds(10));
		assertThat(keyOf(cipher.encrypt(SECRET, RECORD))).isEqualTo(2);
	}

	@Test
	void whatIsNoFileIsReadOnce() throws Exception {
		byte[] content = Keysets.of(1).getBytes(StandardCharsets.UTF_8);
		TinkPayloadCipher cipher = new TinkPayloadCipher(
				new KeysetResource(new ByteArrayResource(content), this.clock::read));
		byte[] other = Keysets.of(2).getBytes(StandardCharsets.UTF_8);
		System.arraycopy(other, 0, content, 0, content.length);
		this.clock.advance(Duration.ofHours(1));
		assertThat(keyOf(cipher.encrypt(SECRET, RECORD))).isEqualTo(1);
	}

	// --- keysets that do not work

	@Test
	void missingFileFails() {
		assertThatExceptionOfType(InvalidIdempotencyConfigurationException.class).isThrownBy(this::cipher)
			.withMessageContaining("keyset.json")
			.withMessageContaining("cannot be read")
			.withMessageContaining("Set idempotency.encryption.keyset");
	}

	@Test
	void brokenKeysetFailsAndItsKeysAreNotTold() throws Exception {
		String keyset = Keysets.of(1);
		String key = keyset.substring(keyset.indexOf("\"value\":\"") + 9).substring(0, 24);
		for (String broken : new String[] { "", "[]", "{}", "no json but " + key, keyset.replace("{", "["),
				keyset.substring(0, keyset.length() / 2), keyset.replace(key, "=" + key),
				keyset.replace(key, key.substring(4)), keyset.replace("AesGcmKey", "UnknownKey"),
				keyset.replace("ENABLED", "DISABLED"), keyset.replace("ENABLED", key),
				keyset.replace("\"primaryKeyId\":1", "\"primaryKeyId\":7"), Keysets.mac(), Keysets.encrypted() }) {
			write(broken);
			assertThatExceptionOfType(InvalidIdempotencyConfigurationException.class).as(broken)
				.isThrownBy(this::cipher)
				.withMessageContaining("keyset.json")
				.withMessageContaining("cannot be used")
				.withMessageContaining("tinkey create-keyset")
				.satisfies((ex) -> {
					StringWriter text = new StringWriter();
					ex.printStackTrace(new PrintWriter(text));
					assertThat(text.toString()).doesNotContain(key.substring(4));
				});
		}
	}

	private TinkPayloadCipher cipher() {
		return new TinkPayloadCipher(new KeysetResource(new FileSystemResource(this.file), this.clock::read));
	}

	/** As a mounted secret changes: another file is in its place. */
	private void write(String keyset) throws IOException {
		Path fresh = Files.writeString(this.directory.resolve("fresh"), keyset);
		Files.move(fresh, this.file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
	}

	/** Tink writes the id of the key behind a version byte. */
	private static int keyOf(byte[] ciphertext) {
		return ByteBuffer.wrap(ciphertext).getInt(1);
	}

}
