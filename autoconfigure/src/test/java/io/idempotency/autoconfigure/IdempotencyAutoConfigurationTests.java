package io.idempotency.autoconfigure;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executor;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.idempotency.Idempotent;
import io.idempotency.InProgress;
import io.idempotency.InvalidIdempotencyConfigurationException;
import io.idempotency.OnStoreFailure;
import io.idempotency.Recovery;
import io.idempotency.aop.IdempotentAdvisor;
import io.idempotency.engine.IdempotencyEngine;
import io.idempotency.engine.LeaseKeeper;
import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.memory.InMemoryIdempotencyStore;
import io.idempotency.store.redis.RedisIdempotencyStore;
import io.idempotency.store.redis.ServerCheck;
import io.idempotency.testsupport.FlakyStore;
import io.idempotency.web.IdempotencyFilter;
import io.idempotency.web.IdempotencyProblemAdvice;
import io.idempotency.web.ServletDoor;
import io.lettuce.core.RedisClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.ObjectMapper;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.security.authorization.method.AuthorizationInterceptorsOrder;
import org.springframework.util.unit.DataSize;
import org.springframework.web.servlet.DispatcherServlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/** Defaults, each property, back-off, and what is missing from the class path. */
class IdempotencyAutoConfigurationTests {

	private static final AutoConfigurations ALL = AutoConfigurations.of(AopAutoConfiguration.class,
			DataRedisAutoConfiguration.class, RedisIdempotencyStoreAutoConfiguration.class,
			InMemoryIdempotencyStoreAutoConfiguration.class, IdempotencyAutoConfiguration.class,
			IdempotencyWebMvcAutoConfiguration.class);

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(ALL);

	private final WebApplicationContextRunner webRunner = new WebApplicationContextRunner().withConfiguration(ALL);

	@Test
	void defaults() {
		this.runner.run((context) -> {
			IdempotencyProperties properties = context.getBean(IdempotencyProperties.class);
			assertThat(properties).isEqualTo(new IdempotencyProperties(true, "redis", Duration.ofHours(24),
					Duration.ofSeconds(30), InProgress.REJECT, Duration.ofSeconds(5), Recovery.RERUN,
					OnStoreFailure.REJECT, Duration.ofSeconds(1), DataSize.ofMegabytes(16), "idempotency",
					new IdempotencyProperties.NewKeys(0, Duration.ofMinutes(1)),
					new IdempotencyProperties.Redis(0, Duration.ofMillis(100), ServerCheck.WARN, false),
					new IdempotencyProperties.Jdbc(IdempotencyProperties.SchemaInitialization.EMBEDDED,
							IdempotencyProperties.TransactionIsolation.DEFAULT,
							new IdempotencyProperties.Jdbc.Purge(Duration.ofMinutes(1), 500)),
					new IdempotencyProperties.Memory(DataSize.ofMegabytes(64)),
					new IdempotencyProperties.Http("Idempotency-Key", "Idempotent-Replayed", 255,
							DataSize.ofMegabytes(1), DataSize.ofMegabytes(1), null, Duration.ofSeconds(1), false, null,
							List.of(),
							List.of("401", "403", "407", "408", "409", "412", "421", "423", "425", "429", "5xx")),
					new IdempotencyProperties.Messaging("Idempotency-Key", 1024),
					new IdempotencyProperties.Compression(true, DataSize.ofKilobytes(4)),
					new IdempotencyProperties.Encryption(null, false), new IdempotencyProperties.Endpoint(false)));
			assertThat(context).hasSingleBean(IdempotencyEngine.class)
				.hasSingleBean(RedisIdempotencyStore.class)
				.hasSingleBean(InMemoryIdempotencyStore.class)
				.doesNotHaveBean(ServletDoor.class);
			assertThat(context.getBean(IdempotencyEngine.class).storeNames()).containsExactlyInAnyOrder("redis",
					"memory");
		});
	}

	@Test
	void eachPropertyIsBound() {
		this.runner.withPropertyValues("idempotency.store=memory", "idempotency.ttl=1h", "idempotency.lease=8s",
				"idempotency.in-progress=wait", "idempotency.wait-timeout=3s", "idempotency.recovery=hold",
				"idempotency.new-keys.limit=2", "idempotency.new-keys.window=3s",
				"idempotency.on-store-failure=proceed", "idempotency.store-timeout=4s",
				"idempotency.max-deferred-size=5MB", "idempotency.key-prefix=shop", "idempotency.redis.min-replicas=2",
				"idempotency.redis.replica-timeout=300ms", "idempotency.redis.check=fail",
				"idempotency.redis.observe-commands=true", "idempotency.jdbc.initialize-schema=never",
				"idempotency.jdbc.purge.interval=7s", "idempotency.jdbc.purge.batch-size=9",
				"idempotency.memory.max-size=6MB", "idempotency.http.header=X-Key",
				"idempotency.http.replay-header=X-Replay", "idempotency.http.max-key-length=7",
				"idempotency.http.max-request-size=8KB", "idempotency.http.max-response-size=9KB",
				"idempotency.http.documentation-uri=https://example.com/problems", "idempotency.http.retry-after=10s",
				"idempotency.http.strict=true", "idempotency.http.key-pattern=[0-9a-f]+",
				"idempotency.http.excluded-headers=X-Trace, X-Cost", "idempotency.http.unstored-statuses=404, 5XX",
				"idempotency.messaging.key-header=X-Message-Key", "idempotency.messaging.max-key-length=9",
				"idempotency.compression.enabled=false", "idempotency.compression.threshold=7KB",
				"idempotency.encryption.accept-unencrypted=true", "idempotency.endpoint.show-fingerprints=true")
			.run((context) -> assertThat(context.getBean(IdempotencyProperties.class))
				.isEqualTo(new IdempotencyProperties(true, "memory", Duration.ofHours(1), Duration.ofSeconds(8),
						InProgress.WAIT, Duration.ofSeconds(3), Recovery.HOLD, OnStoreFailure.PROCEED,
						Duration.ofSeconds(4), DataSize.ofMegabytes(5), "shop",
						new IdempotencyProperties.NewKeys(2, Duration.ofSeconds(3)),
						new IdempotencyProperties.Redis(2, Duration.ofMillis(300), ServerCheck.FAIL, true),
						new IdempotencyProperties.Jdbc(IdempotencyProperties.SchemaInitialization.NEVER,
								IdempotencyProperties.TransactionIsolation.DEFAULT,
								new IdempotencyProperties.Jdbc.Purge(Duration.ofSeconds(7), 9)),
						new IdempotencyProperties.Memory(DataSize.ofMegabytes(6)),
						new IdempotencyProperties.Http("X-Key", "X-Replay", 7, DataSize.ofKilobytes(8),
								DataSize.ofKilobytes(9), URI.create("https://example.com/problems"),
								Duration.ofSeconds(10), true, "[0-9a-f]+", List.of("X-Trace", "X-Cost"),
								List.of("404", "5XX")),
						new IdempotencyProperties.Messaging("X-Message-Key", 9),
						new IdempotencyProperties.Compression(false, DataSize.ofKilobytes(7)),
						new IdempotencyProperties.Encryption(null, true), new IdempotencyProperties.Endpoint(true))));
	}

	@Test
	void replicasAreWaitedForWithinTheBudgetOfTheStore() {
		this.runner.withPropertyValues("idempotency.redis.min-replicas=1", "idempotency.redis.replica-timeout=1s")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidIdempotencyConfigurationException.class)
				.hasMessageContaining("idempotency.redis.replica-timeout"));
	}

	@Test
	void limitOfNewKeysNeedsAStoreThatCounts() {
		this.runner.withBean("flakyIdempotencyStore", FlakyStore.class)
			.withPropertyValues("idempotency.store=flaky", "idempotency.new-keys.limit=5")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidIdempotencyConfigurationException.class)
				.hasMessageContaining("idempotency.new-keys.limit")
				.hasMessageContaining("implement NewKeyCounter"));
	}

	@Test
	void disabledIsReallyOff() {
		this.webRunner.withPropertyValues("idempotency.enabled=false")
			.withBean("unprotected", Misannotated.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBeanDefinitionNames())
					.noneMatch((name) -> name.toLowerCase(Locale.ROOT).contains("idempot"));
			});
	}

	@Test
	void servletDoorComesWithServletApplications() {
		this.webRunner.run((context) -> {
			assertThat(context).hasSingleBean(ServletDoor.class).hasSingleBean(IdempotencyProblemAdvice.class);
			FilterRegistrationBean<?> filter = context.getBean(FilterRegistrationBean.class);
			assertThat(filter.getFilter()).isInstanceOf(IdempotencyFilter.class);
			// inside Spring Security, whose chain stands at -100
			assertThat(filter.getOrder()).isGreaterThan(-100);
		});
		this.webRunner.withClassLoader(new FilteredClassLoader(DispatcherServlet.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ServletDoor.class));
	}

	@Test
	void storesComeWithWhatTheyNeed() {
		this.runner.withClassLoader(new FilteredClassLoader(Caffeine.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(InMemoryIdempotencyStore.class));
		this.runner.withClassLoader(new FilteredClassLoader(RedisClient.class, RedisConnectionFactory.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(RedisIdempotencyStore.class));
	}

	@Test
	void connectionThatIsNotLettuceFailsTheStartWhereItIsNeeded() {
		ApplicationContextRunner notLettuce = this.runner.withBean(RedisConnectionFactory.class,
				() -> mock(RedisConnectionFactory.class));
		notLettuce.withBean(Charging.class)
			.run((context) -> assertThat(context).getFailure()
				.isInstanceOf(InvalidIdempotencyConfigurationException.class)
				.hasMessageContaining("no store named 'redis'")
				.hasMessageContaining("LettuceConnectionFactory"));
		notLettuce.withBean(Charging.class)
			.withPropertyValues("idempotency.store=memory")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void keyPrefixWithAHashTagFailsTheStart() {
		this.runner.withPropertyValues("idempotency.key-prefix={app}")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidIdempotencyConfigurationException.class)
				.hasMessageContaining("without braces"));
	}

	@Test
	void applicationMayBringItsOwnStore() {
		this.runner.withPropertyValues("idempotency.store=ledger")
			.withUserConfiguration(OwnStore.class)
			.run((context) -> {
				assertThat(context.getBean(IdempotencyEngine.class).storeNames()).contains("ledger");
				assertThat(context.getBean(Charging.class).charge("a")).isEqualTo(1);
				assertThat(context.getBean(Charging.class).charge("a")).isEqualTo(1);
				assertThat(context.getBean(MeterRegistry.class)
					.get("idempotency.store")
					.tags("store", "ledger", "command", "claim", "outcome", "completed")
					.timer()
					.count()).isEqualTo(1);
			});
	}

	@Test
	void applicationMayReplaceTheRedisStore() {
		InMemoryIdempotencyStore own = new InMemoryIdempotencyStore(1000);
		this.runner.withBean("redisIdempotencyStore", IdempotencyStore.class, () -> own)
			.run((context) -> assertThat(context).doesNotHaveBean(RedisIdempotencyStore.class));
	}

	@Test
	void touchesNoSchedulerOrExecutorOrMapper() {
		this.webRunner.run((context) -> assertThat(context).doesNotHaveBean(TaskScheduler.class)
			.doesNotHaveBean(Executor.class)
			.doesNotHaveBean(ObjectMapper.class));
	}

	@Test
	void worksWithoutAMeterRegistry() {
		this.runner.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MeterRegistry.class));
	}

	@Test
	void aspectStandsInsideMethodSecurityAndOutsideTransactions() {
		this.runner.run((context) -> {
			int order = context.getBean(IdempotentAdvisor.class).getOrder();
			assertThat(order).isGreaterThan(AuthorizationInterceptorsOrder.POST_FILTER.getOrder())
				.isLessThan(Ordered.LOWEST_PRECEDENCE);
		});
	}

	@Test
	void leasesEndAfterTheWebServerAndBeforeRedis() {
		LeaseKeeper keeper = new LeaseKeeper();
		assertThat(keeper.getPhase()).isPositive().isLessThan(SmartLifecycle.DEFAULT_PHASE - 2048);
		keeper.close();
	}

	static class Misannotated {

		@Idempotent(key = "#nonsense.", ttl = "never")
		public void run() {
		}

	}

	static class Charging {

		private int runs;

		@Idempotent(key = "#item")
		public int charge(String item) {
			return ++this.runs;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnStore {

		@Bean
		IdempotencyStore ledgerIdempotencyStore() {
			return new InMemoryIdempotencyStore(10_000);
		}

		@Bean
		Charging charging() {
			return new Charging();
		}

		@Bean
		MeterRegistry meterRegistry() {
			return new SimpleMeterRegistry();
		}

	}

}
