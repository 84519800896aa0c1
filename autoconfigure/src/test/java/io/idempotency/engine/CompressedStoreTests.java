package io.idempotency.engine;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;

import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.IdempotencyStoreContract;
import io.idempotency.store.UnreadableRecordException;
import io.idempotency.store.memory.InMemoryIdempotencyStore;
import io.idempotency.testsupport.MutableTicker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** The contract of stores over compressed payloads, and the bytes of these. */
class CompressedStoreTests extends IdempotencyStoreContract {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private static final int THRESHOLD = 100;

	private static final byte[] TEXT = "{\"account\":\"alice\",\"amount\":25.00}".repeat(100)
		.getBytes(StandardCharsets.UTF_8);

	private final MutableTicker ticker = new MutableTicker();

	private final InMemoryIdempotencyStore raw = new InMemoryIdempotencyStore(8 * 1024 * 1024, this.ticker);

	private final IdempotencyStore store = protectedStore(this.raw);

	private static IdempotencyStore protectedStore(IdempotencyStore store) {
		return new ProtectedStore(store, new PayloadProtection(THRESHOLD, null, false));
	}

	@Override
	protected IdempotencyStore store() {
		return this.store;
	}

	@Override
	protected void elapse(Duration time) {
		this.ticker.advance(time);
	}

	@Test
	void payloadAboveTheThresholdIsSmallerInTheStoreAndWholeAfterwards() {
		Claim claim = claim(key(), MINUTE);
		byte[] stored = stored(claim, TEXT);
		assertThat(stored.length).isLessThan(TEXT.length / 10);
		assertThat(stored[0]).isEqualTo(PayloadPacking.DEFLATED);
		assertThat(payload(this.store, claim)).isEqualTo(TEXT);
	}

	@Test
	void payloadUpToTheThresholdIsNotEvenCopied() {
		byte[] text = Arrays.copyOf(TEXT, THRESHOLD);
		Claim claim = claim(key(), MINUTE);
		assertThat(stored(claim, text)).isSameAs(text);
		assertThat(payload(this.store, claim)).isSameAs(text);
		assertThat(stored(claim(key(), MINUTE), Arrays.copyOf(TEXT, THRESHOLD + 1)))
			.startsWith(PayloadPacking.DEFLATED);
	}

	@Test
	void payloadOfAnyFirstByteComesBack() throws Exception {
		PayloadPacking packing = new PayloadPacking(THRESHOLD);
		for (int first = 0; first < 256; first++) {
			byte[] payload = { (byte) first, 1, 2, 3, 4, 5, 6 };
			byte[] packed = packing.pack(payload);
			assertThat(packing.unpack(packed)).isEqualTo(payload);
			assertThat(packed.length).isEqualTo((first < 0xF8) ? 7 : 8);
		}
	}

	@Test
	void payloadThatHardlyGetsSmallerStaysAsItIs() {
		byte[] random = new byte[10_000];
		new Random(1).nextBytes(random);
		assertThat(stored(claim(key(), MINUTE), random)).isSameAs(random);
		// a tenth of zeros saves less than an eighth, a fifth saves more
		Arrays.fill(random, 0, 1000, (byte) 0);
		assertThat(stored(claim(key(), MINUTE), random)).isSameAs(random);
		Arrays.fill(random, 0, 2000, (byte) 0);
		assertThat(stored(claim(key(), MINUTE), random)).startsWith(PayloadPacking.DEFLATED);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2, 5, 6, 7, 1000, 1024 * 1024, PayloadPacking.LARGEST, PayloadPacking.LARGEST + 1 })
	void everyLengthComesBack(int length) throws Exception {
		PayloadPacking packing = new PayloadPacking(1);
		byte[] zeros = new byte[length];
		byte[] packed = packing.pack(zeros);
		assertThat(packed.length).isLessThanOrEqualTo(length);
		if (length >= 1000 && length <= PayloadPacking.LARGEST) {
			assertThat(packed).startsWith(PayloadPacking.DEFLATED);
		}
		else {
			assertThat(packed).isSameAs(zeros);
		}
		assertThat(packing.unpack(packed)).isEqualTo(zeros);
	}

	@Test
	void readsTheFrozenBytes() {
		assertThat(restored("6162")).isEqualTo("ab");
		assertThat(restored("")).isEmpty();
		assertThat(restored("ff" + "6162")).isEqualTo("ab");
		assertThat(restored("ff")).isEmpty();
		assertThat(restored("fe" + "0000000a" + "789c" + "4b4c8401" + "0014e103cb")).isEqualTo("aaaaaaaaaa");
	}

	@ParameterizedTest
	@CsvSource({ "f8,unknown packaging", "fc6162,unknown packaging", "fe,nothing deflated",
			"fe0000000a,nothing deflated", "fe00000009789c4b4c84010014e103cb,longer than announced",
			"fe0000000b789c4b4c84010014e103cb,shorter than announced",
			"fe0000000a789c4b4c84010014e103cc,another checksum", "fe0000000a789c4b4c84010014e103,no whole checksum",
			"fe0000000a789c4b4c84010014e103cb00,something behind it",
			"fe0000000a789b4b4c84010014e103cb,another header" })
	void damagedPayloadsAreUnreadable(String hex, String what) {
		assertThatExceptionOfType(UnreadableRecordException.class).as(what)
			.isThrownBy(() -> restored(hex))
			.matches(UnreadableRecordException::isAnswered);
	}

	/** Before memory is taken for it: one byte stands for no more than some thousand. */
	@ParameterizedTest
	@ValueSource(strings = { "00000000", "00ffffff", "0000ffff", "7fffffff", "80000000", "ffffffff" })
	void lengthThatCannotBeIsRefusedAtOnce(String length) {
		assertThatExceptionOfType(UnreadableRecordException.class)
			.isThrownBy(() -> restored("fe" + length + "789c4b4c84010014e103cb"))
			.withStackTraceContaining("impossible length");
	}

	@Test
	void noRecordAsksForMoreMemoryThanTheLimit() {
		byte[] bomb = new PayloadPacking(1).pack(new byte[PayloadPacking.LARGEST]);
		assertThat(bomb).startsWith(PayloadPacking.DEFLATED);
		ByteBuffer.wrap(bomb).putInt(1, PayloadPacking.LARGEST + 1);
		assertThatExceptionOfType(UnreadableRecordException.class)
			.isThrownBy(() -> restored(HexFormat.of().formatHex(bomb)))
			.withStackTraceContaining("impossible length");
	}

	@Test
	void encryptedPayloadIsUnreadableWithoutAKey() {
		assertThatExceptionOfType(UnreadableRecordException.class).isThrownBy(() -> restored("fd6162"))
			.withMessageContaining("no key");
	}

	@Test
	void resultThatWasNotKeptIsPassedOn() {
		Claim claim = claim(key(), MINUTE);
		this.store.claim(claim);
		this.store.complete(claim, StoredResult.notKept(), MINUTE);
		assertThat(this.raw.claim(claim(claim.key(), MINUTE)))
			.isEqualTo(new ClaimOutcome.Completed(claim.fingerprint(), StoredResult.notKept()));
	}

	private byte[] stored(Claim claim, byte[] payload) {
		this.store.claim(claim);
		this.store.complete(claim, StoredResult.of(payload), MINUTE);
		return payload(this.raw, claim);
	}

	private static byte[] payload(IdempotencyStore store, Claim claim) {
		return ((ClaimOutcome.Completed) store.claim(claim(claim.key(), MINUTE))).result().payload();
	}

	/** What comes out of a store that holds these bytes. */
	private String restored(String hex) {
		Claim claim = claim(key(), MINUTE);
		this.raw.complete(claim, StoredResult.of(HexFormat.of().parseHex(hex)), MINUTE);
		return new String(payload(this.store, claim), StandardCharsets.UTF_8);
	}

}
