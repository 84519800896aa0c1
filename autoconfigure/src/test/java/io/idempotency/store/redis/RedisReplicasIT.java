package io.idempotency.store.redis;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.StreamKey;
import io.idempotency.testsupport.Claims;
import io.idempotency.testsupport.RedisProcess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Claims and results that count only when a replica knows of them. */
class RedisReplicasIT {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private static final StoredResult RESULT = StoredResult.of(new byte[] { 1, 2, 3 });

	private RedisProcess primary;

	private RedisProcess replica;

	private LettuceConnectionFactory factory;

	private RedisIdempotencyStore store;

	@BeforeEach
	void start() {
		this.primary = RedisProcess.redis62();
		this.replica = RedisProcess.redis62();
		this.replica.send("REPLICAOF 127.0.0.1 " + this.primary.port());
		await().until(() -> this.replica.send("INFO replication").contains("master_link_status:up"));
		this.factory = new LettuceConnectionFactory("127.0.0.1", this.primary.port());
		this.factory.afterPropertiesSet();
		this.factory.start();
		this.store = new RedisIdempotencyStore(this.factory,
				new RedisSettings("idempotency", Duration.ofSeconds(2), 1, Duration.ofMillis(200), ServerCheck.OFF));
		await().ignoreExceptionsInstanceOf(IdempotencyStoreException.class)
			.until(() -> this.store.claim(Claims.fresh()) instanceof ClaimOutcome.Acquired);
	}

	@AfterEach
	void stop() {
		this.store.stop();
		this.factory.destroy();
		this.primary.close();
		this.replica.close();
	}

	@Test
	void claimAndResultAreKnownToTheReplicaWhenTheyCount() {
		for (int i = 0; i < 100; i++) {
			Claim claim = Claims.fresh();
			assertThat(this.store.claim(claim)).isInstanceOf(ClaimOutcome.Acquired.class);
			assertThat(this.replica.send("EXISTS " + name(claim))).startsWith(":1");
			assertThat(this.store.claim(Claims.again(claim))).isInstanceOf(ClaimOutcome.Pending.class);
			assertThat(this.store.complete(claim, RESULT, MINUTE)).isTrue();
			assertThat(this.replica.send("STRLEN " + name(claim))).startsWith(":21");
			assertThat(this.store.claim(Claims.again(claim))).isInstanceOf(ClaimOutcome.Completed.class);
		}
	}

	@Test
	void markIsKnownToTheReplicaWhenItCountsAndAFailureOtherwise() {
		Claim any = Claims.fresh();
		StreamKey stream = new StreamKey(any.key().operation(), any.key().digest());
		String name = new String(new RedisKeys("idempotency").of(stream), StandardCharsets.US_ASCII);
		assertThat(this.store.advance(stream, OptionalLong.empty(), 1)).isTrue();
		assertThat(this.replica.send("EXISTS " + name)).startsWith(":1");
		this.replica.freeze();
		try {
			assertThatExceptionOfType(IdempotencyStoreException.class)
				.isThrownBy(() -> this.store.advance(stream, OptionalLong.of(1), 2))
				.withMessageContaining("min-replicas");
		}
		finally {
			this.replica.thaw();
		}
		assertThat(this.store.read(stream)).hasValue(2);
		assertThat(this.store.advance(stream, OptionalLong.of(2), 3)).isTrue();
	}

	@Test
	void claimThatNoReplicaKnowsIsGivenBack() {
		Claim claim = Claims.fresh();
		this.replica.freeze();
		try {
			assertThatExceptionOfType(IdempotencyStoreException.class).isThrownBy(() -> this.store.claim(claim))
				.withMessageContaining("min-replicas")
				.matches(IdempotencyStoreException::isAnswered);
			assertThat(this.primary.send("EXISTS " + name(claim))).startsWith(":0");
		}
		finally {
			this.replica.thaw();
		}
		assertThat(this.store.claim(Claims.again(claim))).isInstanceOf(ClaimOutcome.Acquired.class);
	}

	@Test
	void resultThatNoReplicaKnowsIsAFailureUntilItDoes() {
		Claim claim = Claims.fresh();
		this.store.claim(claim);
		this.replica.freeze();
		try {
			for (int i = 0; i < 3; i++) {
				assertThatExceptionOfType(IdempotencyStoreException.class)
					.isThrownBy(() -> this.store.complete(claim, RESULT, MINUTE))
					.withMessageContaining("min-replicas")
					.matches((ex) -> !ex.isAnswered());
			}
			assertThatExceptionOfType(IdempotencyStoreException.class).as("own claim, told again")
				.isThrownBy(() -> this.store.claim(Claims.fresh()));
		}
		finally {
			this.replica.thaw();
		}
		assertThat(this.store.complete(claim, RESULT, MINUTE)).isTrue();
		assertThat(this.store.claim(Claims.again(claim)))
			.isEqualTo(new ClaimOutcome.Completed(claim.fingerprint(), RESULT));
	}

	/**
	 * The driver asks again over its next connection, and whoever answers there speaks of
	 * something else: of nothing, in the case of a server that came back empty.
	 */
	@Test
	void claimWhoseServerIsReplacedMeanwhileDoesNotCount() {
		RedisIdempotencyStore patient = new RedisIdempotencyStore(this.factory,
				new RedisSettings("idempotency", Duration.ofSeconds(10), 1, Duration.ofSeconds(8), ServerCheck.OFF));
		try (RedisProcess other = RedisProcess.redis62()) {
			await().ignoreExceptionsInstanceOf(IdempotencyStoreException.class)
				.until(() -> patient.claim(Claims.fresh()) instanceof ClaimOutcome.Acquired);
			this.replica.freeze();
			Claim claim = Claims.fresh();
			CompletableFuture<ClaimOutcome> outcome = CompletableFuture.supplyAsync(() -> patient.claim(claim));
			await().until(() -> this.primary.send("CLIENT LIST").contains("cmd=wait"));
			this.primary.stop();
			this.primary.start();
			other.send("REPLICAOF 127.0.0.1 " + this.primary.port());
			assertThat(outcome).failsWithin(Duration.ofSeconds(10))
				.withThrowableThat()
				.withCauseInstanceOf(IdempotencyStoreException.class)
				.withMessageContaining("min-replicas");
		}
		finally {
			this.replica.thaw();
			patient.stop();
		}
	}

	private static String name(Claim claim) {
		return new String(new RedisKeys("idempotency").of(claim.key()));
	}

}
