package io.idempotency.store.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import io.idempotency.Fingerprint;
import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.AdministeredStoreContract;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.OwnerToken;
import io.idempotency.store.RecordKey;
import io.idempotency.store.UnreadableRecordException;
import io.idempotency.testsupport.RedisProcess;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.data.redis.connection.RedisConnection;
import org.springframework.data.redis.connection.ReturnType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** The contract on a real Redis, and what is Redis' own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RedisStoreContract extends AdministeredStoreContract {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private ConnectedRedis connected;

	private RedisProcess redis;

	private RedisIdempotencyStore store;

	abstract RedisProcess startRedis();

	/** What a claim of a taken key costs on top of the first SET. */
	abstract Map<String, Long> secondStepOfALostClaim();

	@BeforeAll
	void start() {
		this.redis = startRedis();
		this.connected = new ConnectedRedis(this.redis);
		this.store = this.connected.store();
	}

	@AfterAll
	void stop() {
		this.connected.close();
	}

	@Override
	protected IdempotencyStore store() {
		return this.store;
	}

	@Override
	protected void elapse(Duration time) {
		long until = System.nanoTime() + time.toNanos();
		await().pollInterval(Duration.ofMillis(5)).until(() -> System.nanoTime() > until);
	}

	@Test
	void firstCallCostsTwoCommandsAndReplayItsClaimOnly() {
		Claim warmUp = claim(key(), MINUTE);
		this.store.claim(warmUp);
		this.store.claim(claim(warmUp.key(), MINUTE));
		this.store.complete(warmUp, result("done"), MINUTE);

		Claim first = claim(key(), MINUTE);
		Map<String, Long> before = this.redis.commandCalls();
		this.store.claim(first);
		this.store.complete(first, result("done"), MINUTE);
		// the client sends SET and EVALSHA; the script uses GETRANGE and PSETEX, which no
		// client sends
		assertThat(this.redis.commandsSince(before))
			.isEqualTo(Map.of("set", 1L, "evalsha", 1L, "getrange", 1L, "psetex", 1L));

		before = this.redis.commandCalls();
		this.store.claim(claim(first.key(), MINUTE));
		Map<String, Long> replay = new TreeMap<>(secondStepOfALostClaim());
		replay.put("set", 1L);
		assertThat(this.redis.commandsSince(before)).isEqualTo(replay);
	}

	@Test
	void scriptsAreTaughtAgainAfterTheServerForgotThem() {
		Claim claim = claim(key(), MINUTE);
		this.store.claim(claim);
		this.redis.send("SCRIPT FLUSH");
		assertThat(this.store.renew(claim)).isTrue();
		this.redis.send("SCRIPT FLUSH");
		assertThat(this.store.complete(claim, result("done"), MINUTE)).isTrue();
	}

	@Test
	void newKeysOfAScopeAreCountedInWindowsThatEnd() {
		String scope = key().digest();
		String other = key().digest();
		Duration window = Duration.ofSeconds(1);
		assertThat(count(scope, window)).isZero();
		this.redis.send("SCRIPT FLUSH");
		assertThat(count(scope, window)).isBetween(Duration.ofMillis(1), window);
		assertThat(count(scope, window)).isBetween(Duration.ofMillis(1), window);
		assertThat(count(other, window)).isZero();
		elapse(window.plusMillis(50));
		assertThat(count(scope, window)).isZero();
	}

	private Duration count(String scope, Duration window) {
		return this.store.countNewKey(scope, 2, window).toCompletableFuture().join();
	}

	@Test
	void countingANewKeyCostsOneCommandThatNobodyWaitsFor() {
		String scope = key().digest();
		count(scope, MINUTE);
		Map<String, Long> before = this.redis.commandCalls();
		count(scope, MINUTE);
		assertThat(this.redis.commandsSince(before)).isEqualTo(Map.of("evalsha", 1L, "incr", 1L, "pttl", 1L));
		this.redis.freeze();
		try {
			assertThat(this.store.countNewKey(scope, 2, MINUTE).toCompletableFuture()).isNotDone();
		}
		finally {
			this.redis.thaw();
		}
	}

	/** The versions before and after this one, and the states that it does not have. */
	@ParameterizedTest
	@ValueSource(ints = { 0x00, 0x01, 0x10, 0x25, 0x30, 0x31, 0x33, 0xa0 })
	void recordOfAnotherFormatIsNeitherAbsentNorOverwritten(int first) {
		Claim claim = claim(key(), MINUTE);
		this.store.claim(claim);
		byte[] name = nameOf(claim.key());
		byte[] other = Arrays.copyOf(RedisEnvelope.ownership(claim), 40);
		other[0] = (byte) first;
		withConnection((connection) -> connection.stringCommands().set(name, other));
		assertThatExceptionOfType(UnreadableRecordException.class).isThrownBy(() -> this.store.claim(claim));
		assertThatExceptionOfType(UnreadableRecordException.class).isThrownBy(() -> this.store.look(claim.key()));
		assertThat(this.store.complete(claim, result("done"), MINUTE)).isFalse();
		assertThat(this.store.renew(claim)).isFalse();
		assertThat(this.store.release(claim)).isFalse();
		withConnection((connection) -> assertThat(connection.stringCommands().get(name)).isEqualTo(other));
	}

	/** A record that was completed keeps one byte of its owner, and the fingerprint. */
	@Test
	void formerOwnerOfACompletedRecordIsKnownByAByteAndItsRequest() {
		Claim next = claim(key(), MINUTE);
		this.store.claim(next);
		assertThat(this.store.complete(next, result("fresh"), MINUTE)).isTrue();
		long token = next.owner().value();
		Claim former = formerly(next, token ^ 1, next.fingerprint());
		assertThat(this.store.complete(former, result("stale"), MINUTE)).isFalse();
		Claim other = formerly(next, token, new Fingerprint(1, 2));
		assertThat(this.store.complete(other, result("stale"), MINUTE)).isFalse();
		// by chance, 1 in 256, it is taken for the one that has completed it
		Claim alike = formerly(next, token ^ 256, next.fingerprint());
		assertThat(this.store.complete(alike, result("stale"), MINUTE)).isTrue();
		assertThat(this.store.complete(alike, StoredResult.notKept(), MINUTE)).isTrue();
		assertThat(this.store.renew(alike)).isFalse();
		assertThat(this.store.release(alike)).isFalse();
		assertThat(this.store.claim(alike)).isEqualTo(new ClaimOutcome.Completed(next.fingerprint(), result("fresh")));
	}

	/** It begins like one that was seen before, and is another one by now. */
	@Test
	void removalSparesAnotherResultOfTheSameRequest() {
		Claim seen = claim(key(), MINUTE);
		byte[] former = RedisEnvelope.completed(seen, result("former"));
		Claim alike = formerly(seen, seen.owner().value() ^ 256, seen.fingerprint());
		byte[] present = RedisEnvelope.completed(alike, result("former, and more"));
		assertThat(present).startsWith(former);
		byte[] name = nameOf(seen.key());
		withConnection((connection) -> {
			connection.stringCommands().set(name, present);
			assertThat(remove(connection, name, former)).isZero();
			assertThat(remove(connection, name, present)).isOne();
		});
	}

	private static @Nullable Long remove(RedisConnection connection, byte[] name, byte[] value) {
		return connection.scriptingCommands()
			.eval(RedisScript.REMOVE.text().getBytes(StandardCharsets.US_ASCII), ReturnType.INTEGER, 1, name, value,
					RedisScript.ascii(-1));
	}

	private static Claim formerly(Claim next, long token, Fingerprint fingerprint) {
		return new Claim(next.key(), new OwnerToken(token), fingerprint, MINUTE);
	}

	@Test
	void completionThatIsToldAgainLeavesTheRecordItsTime() {
		Claim claim = claim(key(), MINUTE);
		this.store.claim(claim);
		this.store.complete(claim, result("done"), MINUTE);
		assertThat(this.store.complete(claim, result("done"), Duration.ofHours(24))).isTrue();
		assertThat(timeToLive(claim)).isBetween(50_000L, 60_000L);
	}

	@Test
	void keyOfAnotherTypeIsAStoreFailure() {
		Claim claim = claim(key(), MINUTE);
		byte[] name = nameOf(claim.key());
		withConnection((connection) -> connection.listCommands().rPush(name, new byte[] { 1 }));
		assertThatExceptionOfType(IdempotencyStoreException.class).isThrownBy(() -> this.store.claim(claim));
		assertThatExceptionOfType(IdempotencyStoreException.class).isThrownBy(() -> this.store.release(claim));
	}

	@Test
	void everyRecordHasAnExpiry() {
		Claim claim = claim(key(), MINUTE);
		this.store.claim(claim);
		assertThat(timeToLive(claim)).isBetween(50_000L, 60_000L);
		this.store.renew(claim);
		assertThat(timeToLive(claim)).isBetween(50_000L, 60_000L);
		this.store.complete(claim, result("done"), Duration.ofHours(24));
		assertThat(timeToLive(claim)).isBetween(86_000_000L, 86_400_000L);
	}

	@Test
	void fullServerIsAStoreFailureAndRenewsNevertheless() {
		Claim claim = claim(key(), MINUTE);
		this.store.claim(claim);
		Claim done = claim(key(), MINUTE);
		this.store.claim(done);
		this.store.complete(done, result("done"), MINUTE);
		this.redis.send("CONFIG SET maxmemory 1");
		try {
			assertThatExceptionOfType(IdempotencyStoreException.class)
				.isThrownBy(() -> this.store.claim(claim(key(), MINUTE)))
				.withMessageContaining("OOM")
				.matches(IdempotencyStoreException::isAnswered);
			assertThat(this.store.claim(claim(done.key(), MINUTE)))
				.isEqualTo(new ClaimOutcome.Completed(done.fingerprint(), result("done")));
			assertThatExceptionOfType(IdempotencyStoreException.class)
				.isThrownBy(() -> this.store.complete(claim, result("done"), MINUTE))
				.withMessageContaining("OOM");
			assertThat(this.store.renew(claim)).isTrue();
		}
		finally {
			this.redis.send("CONFIG SET maxmemory 0");
		}
		assertThat(this.store.complete(claim, result("done"), MINUTE)).isTrue();
		assertThat(this.store.claim(claim(claim.key(), MINUTE))).isInstanceOf(ClaimOutcome.Completed.class);
	}

	@Test
	void changeOfARecordIsTold() {
		Claim claim = claim(key(), MINUTE);
		this.store.claim(claim);
		CompletableFuture<Void> renewed = watched(claim.key());
		// a renewal does not show in the value, so one that comes first is not told
		await().atMost(Duration.ofSeconds(2)).until(() -> this.store.renew(claim) && renewed.isDone());
		assertThat(renewed).isCompleted();
		CompletableFuture<Void> completed = watched(claim.key());
		this.store.complete(claim, result("done"), MINUTE);
		assertThat(completed).succeedsWithin(Duration.ofSeconds(2));
		assertThat(this.store.watch(claim.key())).as("over").succeedsWithin(Duration.ofSeconds(2));
		assertThat(this.store.watch(key())).as("absent").succeedsWithin(Duration.ofSeconds(2));
	}

	@Test
	void endOfALeaseIsTold() {
		Claim claim = claim(key(), Duration.ofMillis(500));
		this.store.claim(claim);
		assertThat(watched(claim.key())).succeedsWithin(Duration.ofSeconds(3));
	}

	@Test
	void flushIsTold() {
		Claim claim = claim(key(), MINUTE);
		this.store.claim(claim);
		CompletableFuture<Void> change = watched(claim.key());
		this.redis.send("FLUSHALL");
		assertThat(change).succeedsWithin(Duration.ofSeconds(2));
	}

	/** Watches once the connection for that is there. */
	private CompletableFuture<Void> watched(RecordKey key) {
		CompletableFuture<Void> change = await().until(() -> this.store.watch(key),
				(attempt) -> !attempt.isCompletedExceptionally());
		assertThat(change).isNotDone();
		return change;
	}

	@Test
	void storeThatWasStoppedStartsAgain() {
		Claim claim = claim(key(), MINUTE);
		this.store.claim(claim);
		this.store.stop();
		this.store.start();
		assertThat(this.store.complete(claim, result("done"), MINUTE)).isTrue();
	}

	@Test
	void interruptedCallerIsAFailureAndStaysInterrupted() {
		Claim claim = claim(key(), MINUTE);
		this.store.claim(claim);
		this.redis.freeze();
		try {
			Thread.currentThread().interrupt();
			assertThatExceptionOfType(IdempotencyStoreException.class).isThrownBy(() -> this.store.renew(claim))
				.withMessageContaining("Interrupted");
			assertThat(Thread.interrupted()).isTrue();
		}
		finally {
			this.redis.thaw();
		}
		assertThat(this.store.renew(claim)).isTrue();
	}

	@Test
	void frozenServerIsAFailureWithinTheBudget() {
		Claim claim = claim(key(), MINUTE);
		this.store.claim(claim);
		this.redis.freeze();
		long startedAt = System.nanoTime();
		try {
			assertThatExceptionOfType(IdempotencyStoreException.class).isThrownBy(() -> this.store.renew(claim))
				.withMessageContaining("did not answer within 2000 ms")
				.matches((ex) -> !ex.isAnswered());
		}
		finally {
			this.redis.thaw();
		}
		Duration taken = Duration.ofNanos(System.nanoTime() - startedAt);
		await().ignoreExceptions().until(() -> this.store.renew(claim));
		assertThat(taken).isBetween(ConnectedRedis.BUDGET.multipliedBy(3).dividedBy(4), ConnectedRedis.BUDGET);
	}

	private long timeToLive(Claim claim) {
		long[] millis = { 0 };
		withConnection((connection) -> millis[0] = connection.keyCommands().pTtl(nameOf(claim.key())));
		return millis[0];
	}

	private static byte[] nameOf(RecordKey key) {
		return new RedisKeys("idempotency").of(key);
	}

	private void withConnection(Consumer<RedisConnection> work) {
		try (RedisConnection connection = this.connected.connectionFactory().getConnection()) {
			work.accept(connection);
		}
	}

}
