package io.idempotency.store.redis;

import java.time.Duration;

import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.StoreAwayException;
import io.idempotency.testsupport.Claims;
import io.idempotency.testsupport.RedisProcess;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.TimeoutOptions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/** Rule 23: a server that is known to be away keeps nobody waiting, until it is back. */
class RedisOutageIT {

	private static final Duration AT_ONCE = Duration.ofMillis(100);

	private RedisProcess redis;

	private ConnectedRedis connected;

	@BeforeEach
	void start() {
		this.redis = RedisProcess.redis62();
		this.connected = new ConnectedRedis(this.redis);
		assertThat(claim()).isInstanceOf(ClaimOutcome.Acquired.class);
	}

	@AfterEach
	void stop() {
		this.connected.close();
	}

	@Test
	void rule23ServerThatWasKilledIsWaitedForOnceAndIsUsedWhenItIsBack() {
		this.redis.stop();
		assertThat(timeOf(this::claim)).isLessThan(ConnectedRedis.BUDGET.plusMillis(300));
		assertThatExceptionOfType(StoreAwayException.class).isThrownBy(this::claim);
		assertAwayAtOnce(Duration.ofSeconds(4));
		this.redis.start();
		assertUsedAgain();
	}

	@Test
	void rule23FrozenServerIsWaitedForOnceAndIsUsedWhenItIsBack() {
		this.redis.freeze();
		assertThat(timeOf(this::claim)).isLessThan(ConnectedRedis.BUDGET.plusMillis(300));
		assertAwayAtOnce(Duration.ofSeconds(4));
		this.redis.thaw();
		assertUsedAgain();
	}

	/** Its commands time out by themselves, before half of the budget. */
	@Test
	void rule23FrozenServerIsKnownToBeAwayWhereTheDriverHasLittlePatience() {
		LettuceConnectionFactory factory = new LettuceConnectionFactory(
				new RedisStandaloneConfiguration("127.0.0.1", this.redis.port()),
				LettuceClientConfiguration.builder()
					.clientOptions(ClientOptions.builder().timeoutOptions(TimeoutOptions.enabled()).build())
					.commandTimeout(Duration.ofMillis(200))
					.build());
		factory.afterPropertiesSet();
		factory.start();
		RedisIdempotencyStore hasty = new RedisIdempotencyStore(factory, "idempotency", ConnectedRedis.BUDGET);
		try {
			hasty.claim(Claims.fresh());
			this.redis.freeze();
			catchThrowable(() -> hasty.claim(Claims.fresh()));
			// also when the driver has given up its question
			await().pollDelay(Duration.ofSeconds(1)).until(() -> true);
			assertThat(timeOf(() -> hasty.claim(Claims.fresh()))).isLessThan(AT_ONCE);
			this.redis.thaw();
			await().atMost(Duration.ofSeconds(2)).ignoreExceptions().until(() -> hasty.claim(Claims.fresh()) != null);
		}
		finally {
			hasty.stop();
			factory.destroy();
		}
	}

	@Test
	void rule23ServerThatIsSlowForOnceIsNotTakenForAway() {
		this.redis.freeze();
		Thread thaw = new Thread(() -> {
			await().pollDelay(Duration.ofMillis(800)).until(() -> true);
			this.redis.thaw();
		});
		thaw.start();
		assertThat(claim()).isInstanceOf(ClaimOutcome.Acquired.class);
		assertThat(claim()).isInstanceOf(ClaimOutcome.Acquired.class);
	}

	private void assertAwayAtOnce(Duration outage) {
		long end = System.nanoTime() + outage.toNanos();
		while (System.nanoTime() < end) {
			long startedAt = System.nanoTime();
			Throwable failure = catchThrowable(this::claim);
			assertThat(failure).isInstanceOf(StoreAwayException.class)
				.matches((ex) -> !((IdempotencyStoreException) ex).isAnswered());
			assertThat(Duration.ofNanos(System.nanoTime() - startedAt)).isLessThan(AT_ONCE);
			await().pollDelay(Duration.ofMillis(20)).until(() -> true);
		}
	}

	private void assertUsedAgain() {
		assertThat(await().atMost(Duration.ofSeconds(2))
			.pollInterval(Duration.ofMillis(20))
			.ignoreExceptions()
			.until(this::claim, (outcome) -> true)).isInstanceOf(ClaimOutcome.Acquired.class);
	}

	private static Duration timeOf(Runnable work) {
		long startedAt = System.nanoTime();
		catchThrowable(work::run);
		return Duration.ofNanos(System.nanoTime() - startedAt);
	}

	private ClaimOutcome claim() {
		return this.connected.store().claim(Claims.fresh());
	}

}
