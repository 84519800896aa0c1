package io.idempotency.autoconfigure;

import java.util.List;

import io.idempotency.InvalidIdempotencyConfigurationException;
import io.idempotency.store.redis.RedisIdempotencyStore;
import io.idempotency.testsupport.RedisProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What is said of a Redis that may lose records: at the start, and when asked. */
@ExtendWith(OutputCaptureExtension.class)
class RedisHealthIT {

	private static RedisProcess redis;

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(DataRedisAutoConfiguration.class, RedisIdempotencyStoreAutoConfiguration.class,
						IdempotencyAutoConfiguration.class, IdempotencyHealthAutoConfiguration.class))
		.withPropertyValues("spring.data.redis.host=127.0.0.1", "spring.data.redis.port=" + redis.port());

	@BeforeAll
	static void start() {
		redis = RedisProcess.redis62("--maxmemory", "100mb", "--maxmemory-policy", "volatile-lru");
	}

	@AfterAll
	static void stop() {
		redis.close();
	}

	@Test
	void concernsAreWarnings(CapturedOutput output) {
		this.runner.run((context) -> {
			await().until(() -> output.getOut().contains("may lose records"));
			assertThat(output).contains("maxmemory-policy is volatile-lru", "persists nothing");
		});
	}

	@Test
	void concernsMayStopTheStart() {
		this.runner.withPropertyValues("idempotency.redis.check=fail")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidIdempotencyConfigurationException.class)
				.hasMessageContaining("volatile-lru"));
	}

	@Test
	void nobodyAsksWhereThatIsSaid(CapturedOutput output) {
		this.runner.withPropertyValues("idempotency.redis.check=off").run((context) -> {
			await().ignoreExceptions()
				.until(() -> !context.getBean(RedisIdempotencyStore.class).inspect().concerns().isEmpty());
			assertThat(output).doesNotContain("may lose records");
		});
	}

	@Test
	void serverThatIsNotThereIsNoFailure(CapturedOutput output) {
		this.runner.withPropertyValues("idempotency.redis.check=fail", "spring.data.redis.port=1")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).contains("nothing is known of its settings");
	}

	@Test
	void healthIsUpAndNamesConcerns() {
		this.runner.run((context) -> {
			Health health = health(context);
			assertThat(health.getStatus()).isEqualTo(Status.UP);
			assertThat((List<?>) health.getDetails().get("concerns")).hasSize(2);
			assertThat(health.getDetails()).containsEntry("maxmemory-policy", "volatile-lru")
				.containsEntry("maxmemory", "100.00M");
			assertThat(health.getDetails().get("version").toString()).startsWith("6.2.");
		});
	}

	@Test
	void healthIsDownWhereRedisIs() {
		this.runner.withPropertyValues("spring.data.redis.port=1", "idempotency.store-timeout=200ms")
			.run((context) -> assertThat(health(context).getStatus()).isEqualTo(Status.DOWN));
	}

	@Test
	void healthIsUnknownWhereCallsRunUnprotectedWithoutRedis() {
		this.runner
			.withPropertyValues("spring.data.redis.port=1", "idempotency.store-timeout=200ms",
					"idempotency.on-store-failure=proceed")
			.run((context) -> {
				Health health = health(context);
				assertThat(health.getStatus()).isEqualTo(Status.UNKNOWN);
				assertThat(health.getDetails()).containsEntry("calls", "run unprotected");
			});
	}

	@Test
	void healthMayBeSwitchedOff() {
		this.runner.withPropertyValues("management.health.idempotency.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean("idempotencyHealthContributor"));
	}

	private static Health health(ApplicationContext context) {
		Object contributor = context.getBean("idempotencyHealthContributor");
		HealthIndicator indicator = (contributor instanceof CompositeHealthContributor composite)
				? (HealthIndicator) composite.stream().findFirst().orElseThrow().contributor()
				: (HealthIndicator) contributor;
		return indicator.health();
	}

}
