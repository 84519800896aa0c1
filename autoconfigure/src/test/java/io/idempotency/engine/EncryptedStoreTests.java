package io.idempotency.engine;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import io.idempotency.Fingerprint;
import io.idempotency.IdempotentOperation;
import io.idempotency.InProgress;
import io.idempotency.OnStoreFailure;
import io.idempotency.OperationInProgressException;
import io.idempotency.PayloadCipher;
import io.idempotency.Recovery;
import io.idempotency.StoreUnavailableException;
import io.idempotency.StoredResult;
import io.idempotency.observation.IdempotencyMetrics;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.IdempotencyStoreContract;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.OwnerToken;
import io.idempotency.store.RecordKey;
import io.idempotency.store.UnreadableRecordException;
import io.idempotency.store.memory.InMemoryIdempotencyStore;
import io.idempotency.testsupport.MutableTicker;
import io.idempotency.tink.TinkPayloadCipher;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** The contract of stores over encrypted payloads, and what tampering leads to. */
class EncryptedStoreTests extends IdempotencyStoreContract {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private static final int THRESHOLD = 1000;

	private static final byte[] SECRET = "{\"account\":\"alice\",\"amount\":25.00}".getBytes(StandardCharsets.UTF_8);

	private static final PayloadCipher CIPHER = new TinkPayloadCipher(newKey());

	private final MutableTicker ticker = new MutableTicker();

	private final InMemoryIdempotencyStore raw = new InMemoryIdempotencyStore(8 * 1024 * 1024, this.ticker);

	private final IdempotencyStore store = encrypted(this.raw, CIPHER, false);

	private final LeaseKeeper keeper = new LeaseKeeper();

	@AfterEach
	void close() {
		this.keeper.close();
	}

	private static IdempotencyStore encrypted(IdempotencyStore store, PayloadCipher cipher,
			boolean acceptsUnencrypted) {
		return new ProtectedStore(store, new PayloadProtection(THRESHOLD, cipher, acceptsUnencrypted));
	}

	private static Aead newKey() {
		try {
			AeadConfig.register();
			return KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM)
				.getPrimitive(RegistryConfiguration.get(), Aead.class);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
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
	void plainTextIsNotInTheStore() {
		String stored = new String(stored(completed(SECRET)), StandardCharsets.ISO_8859_1);
		assertThat(stored).doesNotContain("account", "alice", "25.00");
		String large = new String(
				stored(completed(
						new String(SECRET, StandardCharsets.UTF_8).repeat(100).getBytes(StandardCharsets.UTF_8))),
				StandardCharsets.ISO_8859_1);
		assertThat(large).doesNotContain("account", "alice", "25.00").hasSizeLessThan(1000);
	}

	@Test
	void sameResultIsStoredInOtherBytesEachTime() {
		Claim claim = completed(SECRET);
		assertThat(stored(claim)).isNotEqualTo(stored(completed(SECRET)));
	}

	// --- tampered and foreign records

	@ParameterizedTest
	@ValueSource(ints = { 0, 35, 5000 })
	void noByteCanBeChangedUnnoticed(int length) {
		Claim claim = completed(new byte[length]);
		byte[] stored = stored(claim);
		for (int i = 0; i < stored.length; i++) {
			for (int bit = 0; bit < Byte.SIZE; bit++) {
				byte[] changed = stored.clone();
				changed[i] ^= (byte) (1 << bit);
				assertUnreadable(claim, changed);
			}
		}
	}

	@Test
	void noRecordCanBeCutOrProlongedUnnoticed() {
		Claim claim = completed(SECRET);
		byte[] stored = stored(claim);
		for (int length = 0; length < stored.length; length++) {
			assertUnreadable(claim, Arrays.copyOf(stored, length));
		}
		assertUnreadable(claim, Arrays.copyOf(stored, stored.length + 1));
	}

	@Test
	void recordOfAnotherKeyIsUnreadable() {
		assertUnreadable(claim(key(), MINUTE), stored(completed(SECRET)));
		Claim claim = completed(SECRET);
		RecordKey other = new RecordKey("POST /refunds", claim.key().digest());
		assertUnreadable(new Claim(other, claim.owner(), claim.fingerprint(), MINUTE), stored(claim));
	}

	@Test
	void recordWithAnotherFingerprintIsUnreadable() {
		Claim claim = completed(SECRET);
		Fingerprint fingerprint = claim.fingerprint();
		for (Fingerprint other : new Fingerprint[] { new Fingerprint(fingerprint.high() ^ 1, fingerprint.low()),
				new Fingerprint(fingerprint.high(), fingerprint.low() ^ 1) }) {
			assertUnreadable(new Claim(claim.key(), claim.owner(), other, MINUTE), stored(claim));
		}
	}

	@Test
	void recordOfAnotherKeysetIsUnreadable() {
		Claim claim = completed(SECRET);
		assertThatExceptionOfType(UnreadableRecordException.class)
			.isThrownBy(() -> encrypted(this.raw, new TinkPayloadCipher(newKey()), false).claim(again(claim)))
			.withMessageContaining("cannot be decrypted");
	}

	@Test
	void rule23TamperedRecordNeverRunsTheMethodWhateverAStoreFailureMayDo() {
		IdempotentCall call = call(MINUTE);
		Claim claim = new Claim(call.recordKey(), OwnerToken.next(), call.fingerprint(), MINUTE);
		complete(claim, SECRET);
		byte[] stored = stored(claim);
		stored[stored.length - 1] ^= 1;
		assertThatExceptionOfType(StoreUnavailableException.class)
			.isThrownBy(() -> engine(storeOf(claim, stored)).begin(call))
			.withCauseInstanceOf(UnreadableRecordException.class);
		assertReplayed(engine(this.store).begin(call));
	}

	// --- from and to unencrypted

	@Test
	void unencryptedRecordIsUnreadableUnlessItIsAccepted() {
		Claim claim = claim(key(), MINUTE);
		new ProtectedStore(this.raw, new PayloadProtection(THRESHOLD, null, false)).complete(claim,
				StoredResult.of(SECRET), MINUTE);
		assertThatExceptionOfType(UnreadableRecordException.class).isThrownBy(() -> this.store.claim(again(claim)))
			.withMessageContaining("not encrypted");
		IdempotencyStore migrating = encrypted(this.raw, CIPHER, true);
		assertThat(migrating.claim(again(claim)))
			.isEqualTo(new ClaimOutcome.Completed(claim.fingerprint(), StoredResult.of(SECRET)));
		Claim next = claim(key(), MINUTE);
		migrating.complete(next, StoredResult.of(SECRET), MINUTE);
		assertThat(this.store.claim(again(next))).isInstanceOf(ClaimOutcome.Completed.class);
	}

	// --- ciphers that fail

	@Test
	void rule16ResultThatCannotBeEncryptedNowIsStoredLater() {
		FailingCipher cipher = new FailingCipher();
		InMemoryIdempotencyStore memory = new InMemoryIdempotencyStore(1_000_000);
		IdempotencyEngine engine = engine(encrypted(memory, cipher, false));
		IdempotentCall call = call(Duration.ofMillis(300));
		((Execution) engine.begin(call)).complete(StoredResult.of(SECRET));
		Claim probe = new Claim(call.recordKey(), OwnerToken.next(), call.fingerprint(), MINUTE);
		assertThat(memory.claim(probe)).isInstanceOf(ClaimOutcome.Pending.class);
		assertThatExceptionOfType(OperationInProgressException.class).isThrownBy(() -> engine.begin(call));

		cipher.down = false;
		await().until(() -> memory.claim(probe) instanceof ClaimOutcome.Completed);
		assertReplayed(engine.begin(call));
		cipher.down = true;
		assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> engine.begin(call));
	}

	@Test
	void cipherThatFailsToEncryptIsAStoreFailureAndTheBareFactIsKept() {
		Claim claim = claim(key(), MINUTE);
		IdempotencyStore failing = encrypted(this.raw, new FailingCipher(), false);
		failing.claim(claim);
		assertThatExceptionOfType(IdempotencyStoreException.class)
			.isThrownBy(() -> failing.complete(claim, StoredResult.of(SECRET), MINUTE))
			.isNotInstanceOf(UnreadableRecordException.class);
		assertThat(failing.complete(claim, StoredResult.notKept(), MINUTE)).isTrue();
		assertThat(failing.claim(again(claim)))
			.isEqualTo(new ClaimOutcome.Completed(claim.fingerprint(), StoredResult.notKept()));
	}

	/** An answer that is no known failure would run the method with {@code proceed}. */
	@Test
	void rule23CipherThatBreaksInAnyWayIsAStoreFailureAndNeverRunsTheMethod() {
		IdempotentCall call = call(MINUTE);
		Claim claim = new Claim(call.recordKey(), OwnerToken.next(), call.fingerprint(), MINUTE);
		complete(claim, SECRET);
		for (Supplier<byte[]> way : List.<Supplier<byte[]>>of(() -> null, () -> {
			throw new NoClassDefFoundError("the key service's client");
		}, () -> {
			throw new IdempotencyStoreException("not answered", null);
		}, () -> new byte[] { PayloadPacking.DEFLATED })) {
			IdempotencyStore broken = encrypted(this.raw, new BrokenCipher(way), false);
			assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> engine(broken).begin(call))
				.withCauseInstanceOf(UnreadableRecordException.class);
		}
	}

	@Test
	void rule16CipherThatBreaksAfterTheMethodRanCostsItsCallerNothing() {
		IdempotencyStore broken = encrypted(this.raw, new BrokenCipher(() -> {
			throw new NoClassDefFoundError("the key service's client");
		}), false);
		IdempotentCall call = call(MINUTE);
		((Execution) engine(broken).begin(call)).complete(StoredResult.of(SECRET));
		Claim probe = new Claim(call.recordKey(), OwnerToken.next(), call.fingerprint(), MINUTE);
		assertThat(this.raw.claim(probe)).isInstanceOf(ClaimOutcome.Pending.class);
	}

	/** Ciphertexts that are out there depend on these bytes. */
	@Test
	void associatedDataIsFrozen() {
		StringBuilder seen = new StringBuilder();
		PayloadCipher listening = new PayloadCipher() {

			@Override
			public byte[] encrypt(byte[] plaintext, byte[] associatedData) {
				seen.append(new String(plaintext, StandardCharsets.ISO_8859_1))
					.append('|')
					.append(new String(associatedData, StandardCharsets.ISO_8859_1));
				return plaintext;
			}

			@Override
			public byte[] decrypt(byte[] ciphertext, byte[] associatedData) {
				return ciphertext;
			}

		};
		Claim claim = new Claim(new RecordKey("POST /a", "ABCDEFGHIJKLMNOPQRSTUV"), new OwnerToken(1),
				new Fingerprint(0x6162636465666768L, 0x696a6b6c6d6e6f70L), MINUTE);
		encrypted(this.raw, listening, false).complete(claim, StoredResult.of(new byte[] { 'x' }), MINUTE);
		assertThat(seen).hasToString("x|io.idempotency:1:ABCDEFGHIJKLMNOPQRSTUVabcdefghijklmnopPOST /a");
		assertThat(stored(claim)).containsExactly(0xFD, 'x');
	}

	private static void assertReplayed(Attempt attempt) {
		assertThat(((Replay) attempt).read(StoredResult::payload)).isEqualTo(SECRET);
	}

	private static void assertUnreadable(Claim claim, byte[] stored) {
		PayloadProtection protection = new PayloadProtection(THRESHOLD, CIPHER, false);
		assertThatExceptionOfType(UnreadableRecordException.class)
			.isThrownBy(() -> protection.restore(stored, claim.key(), claim.fingerprint()))
			.matches(UnreadableRecordException::isAnswered);
	}

	/** A store that holds these bytes for that claim. */
	private static IdempotencyStore storeOf(Claim claim, byte[] stored) {
		InMemoryIdempotencyStore memory = new InMemoryIdempotencyStore(1_000_000);
		memory.complete(claim, StoredResult.of(stored), MINUTE);
		return encrypted(memory, CIPHER, false);
	}

	private Claim completed(byte[] payload) {
		Claim claim = claim(key(), MINUTE);
		complete(claim, payload);
		return claim;
	}

	private void complete(Claim claim, byte[] payload) {
		this.store.claim(claim);
		this.store.complete(claim, StoredResult.of(payload), MINUTE);
	}

	private byte[] stored(Claim claim) {
		return ((ClaimOutcome.Completed) this.raw.claim(again(claim))).result().payload().clone();
	}

	private static Claim again(Claim claim) {
		return new Claim(claim.key(), OwnerToken.next(), claim.fingerprint(), MINUTE);
	}

	private static IdempotentCall call(Duration lease) {
		return new IdempotentCall(new IdempotentOperation("POST /payments", MINUTE, lease, InProgress.REJECT, MINUTE,
				Recovery.RERUN, OnStoreFailure.PROCEED, true, "test"), "alice", "key", new Fingerprint(1, 2));
	}

	private IdempotencyEngine engine(IdempotencyStore engineStore) {
		return new IdempotencyEngine(Stores.of(Map.of("test", engineStore)), 1000, this.keeper,
				new IdempotencyMetrics(new SimpleMeterRegistry()), null);
	}

	/** A key management service that can be down. */
	private static final class FailingCipher implements PayloadCipher {

		volatile boolean down = true;

		@Override
		public byte[] encrypt(byte[] plaintext, byte[] associatedData) throws GeneralSecurityException {
			if (this.down) {
				throw new GeneralSecurityException("the key service is down");
			}
			return CIPHER.encrypt(plaintext, associatedData);
		}

		@Override
		public byte[] decrypt(byte[] ciphertext, byte[] associatedData) throws GeneralSecurityException {
			if (this.down) {
				throw new IllegalStateException("the key service is down");
			}
			return CIPHER.decrypt(ciphertext, associatedData);
		}

	}

	/** Gives back what no cipher should. */
	private record BrokenCipher(Supplier<byte[]> way) implements PayloadCipher {

		@Override
		public byte[] encrypt(byte[] plaintext, byte[] associatedData) {
			return this.way.get();
		}

		@Override
		public byte[] decrypt(byte[] ciphertext, byte[] associatedData) {
			return this.way.get();
		}

	}

}
