package io.idempotency.store.redis;

import java.time.Duration;
import java.util.HexFormat;

import io.idempotency.Fingerprint;
import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.OwnerToken;
import io.idempotency.store.RecordKey;
import io.idempotency.store.UnreadableRecordException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The bytes that are in servers out there: today's are frozen here. */
class RedisEnvelopeTests {

	private static final Claim CLAIM = new Claim(new RecordKey("POST /payments/{id}", "AAAAAAAAAAAAAAAAAAAAAA"),
			new OwnerToken(0x0102030405060708L), new Fingerprint(0x1112131415161718L, 0x2122232425262728L),
			Duration.ofSeconds(30));

	private static final Claim HELD = new Claim(CLAIM.key(), CLAIM.owner(), CLAIM.fingerprint(), CLAIM.lease(),
			Duration.ofHours(24));

	private static final String FINGERPRINT = "11121314151617182122232425262728";

	private static final String REST = "0102030405060708" + FINGERPRINT + "69000000";

	private static final String COMPLETED = "08" + FINGERPRINT;

	private static final long NOW = 0x69000000L * 1000;

	@Test
	void writesTheFrozenBytes() {
		assertThat(hex(RedisEnvelope.pending(CLAIM, NOW))).isEqualTo("20" + REST);
		assertThat(hex(RedisEnvelope.completed(CLAIM, StoredResult.of(new byte[] { 1, -1 }))))
			.isEqualTo("21" + COMPLETED + "01ff");
		assertThat(hex(RedisEnvelope.completed(CLAIM, StoredResult.notKept()))).isEqualTo("22" + COMPLETED);
		assertThat(hex(RedisEnvelope.ownership(CLAIM))).isEqualTo("20" + "0102030405060708");
		assertThat(hex(RedisEnvelope.pending(HELD, NOW))).isEqualTo("24" + REST + "0000000005265c00");
		assertThat(hex(RedisEnvelope.ownership(HELD))).isEqualTo("24" + "0102030405060708");
	}

	@Test
	void readsTheFrozenBytes() {
		OwnerToken other = new OwnerToken(9);
		assertThat(read("20" + REST, other)).isEqualTo(new ClaimOutcome.Pending(CLAIM.fingerprint()));
		assertThat(read("20" + REST, CLAIM.owner())).isInstanceOf(ClaimOutcome.Acquired.class);
		assertThat(read("21" + COMPLETED + "01ff", other))
			.isEqualTo(new ClaimOutcome.Completed(CLAIM.fingerprint(), StoredResult.of(new byte[] { 1, -1 })));
		assertThat(read("21" + COMPLETED, other))
			.isEqualTo(new ClaimOutcome.Completed(CLAIM.fingerprint(), StoredResult.of(new byte[0])));
		assertThat(read("23" + REST, CLAIM.owner())).isEqualTo(new ClaimOutcome.Unknown(CLAIM.fingerprint()));
		assertThat(read("23" + REST + "0000000005265c00", CLAIM.owner()))
			.isEqualTo(new ClaimOutcome.Unknown(CLAIM.fingerprint()));
		assertThat(read("24" + REST + "0000000005265c00", other))
			.isEqualTo(new ClaimOutcome.Pending(CLAIM.fingerprint()));
		byte[] held = HexFormat.of().parseHex("24" + REST + "0000000005265c00");
		assertThat(RedisEnvelope.isHeld(held)).isTrue();
		assertThat(RedisEnvelope.hold(held)).isEqualTo(86_400_000);
		assertThat(RedisEnvelope.writtenAt(held)).isEqualTo(0x69000000L);
		assertThat(read("22" + COMPLETED, other))
			.isEqualTo(new ClaimOutcome.Completed(CLAIM.fingerprint(), StoredResult.notKept()));
	}

	/**
	 * The file has what servers out there have; this class may change, the file may not.
	 */
	@ParameterizedTest
	@CsvFileSource(resources = "records-of-format-2.txt", delimiter = '|')
	void readsRecordsOfFormat2(String fate, String value) {
		ClaimOutcome expected = switch (fate) {
			case "pending", "pending, held" -> new ClaimOutcome.Pending(CLAIM.fingerprint());
			case "completed" -> new ClaimOutcome.Completed(CLAIM.fingerprint(), StoredResult.of(new byte[] { 1, -1 }));
			case "not kept" -> new ClaimOutcome.Completed(CLAIM.fingerprint(), StoredResult.notKept());
			case "abandoned" -> new ClaimOutcome.Unknown(CLAIM.fingerprint());
			default -> throw new IllegalArgumentException(fate);
		};
		assertThat(read(value.replace(" ", ""), new OwnerToken(9))).isEqualTo(expected);
	}

	/** It was never released, but development servers may have some. */
	@ParameterizedTest
	@CsvFileSource(resources = "records-of-format-1.txt", delimiter = '|')
	void refusesRecordsOfFormat1(String fate, String value) {
		assertThatExceptionOfType(UnreadableRecordException.class).as(fate)
			.isThrownBy(() -> read(value.replace(" ", ""), CLAIM.owner()))
			.withMessageContaining("a format that this version does not know");
	}

	@Test
	void refusesWhatItDoesNotKnow() {
		for (String unknown : new String[] { "", "20", "21", "30" + REST, "a0" + REST, "25" + REST, "2f" + REST,
				"24" + REST, "24" + REST + "0000000005265c0000", "20" + REST.substring(2), "23" + REST.substring(2),
				"21" + COMPLETED.substring(2), "22" + COMPLETED.substring(2) }) {
			assertThatExceptionOfType(UnreadableRecordException.class).as(unknown)
				.isThrownBy(() -> read(unknown, CLAIM.owner()));
		}
	}

	@Test
	void completedValueIsItsPayloadAnd18Bytes() {
		assertThat(RedisEnvelope.completed(CLAIM, StoredResult.of(new byte[1 + 105]))).hasSize(124);
		assertThat(RedisEnvelope.completed(HELD, StoredResult.notKept())).hasSize(18);
	}

	@Test
	void keysHoldNoHashTagAndNothingOfTheCaller() {
		RecordKey key = CLAIM.key();
		assertThat(new String(new RedisKeys("idempotency").of(key)))
			.isEqualTo("idempotency:POST_/payments/<id>:AAAAAAAAAAAAAAAAAAAAAA");
		RecordKey odd = new RecordKey("ü\n" + "x".repeat(100), key.digest());
		assertThat(new String(new RedisKeys("p").of(odd))).isEqualTo("p:??" + "x".repeat(62) + ":" + key.digest());
	}

	private static ClaimOutcome read(String hex, OwnerToken reader) {
		return RedisEnvelope.read(HexFormat.of().parseHex(hex), reader);
	}

	private static String hex(byte[] bytes) {
		return HexFormat.of().formatHex(bytes);
	}

}
