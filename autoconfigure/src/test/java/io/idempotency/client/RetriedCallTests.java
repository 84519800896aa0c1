package io.idempotency.client;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.github.resilience4j.retry.RetryConfig;
import io.github.resilience4j.retry.RetryRegistry;
import io.github.resilience4j.spring6.fallback.FallbackExecutor;
import io.github.resilience4j.spring6.fallback.FallbackDecorators;
import io.github.resilience4j.spring6.retry.configure.RetryAspect;
import io.github.resilience4j.spring6.retry.configure.RetryConfigurationProperties;
import io.github.resilience4j.spring6.spelresolver.DefaultSpelResolver;
import io.github.resilience4j.spring6.spelresolver.SpelResolver;
import io.idempotency.IdempotencyContext;
import io.idempotency.Idempotent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.retry.RetryOperations;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.resilience.annotation.EnableResilientMethods;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.retry.annotation.Backoff;
import org.springframework.retry.annotation.EnableRetry;
import org.springframework.web.client.RestClient;

import io.idempotency.autoconfigure.IdempotencyAutoConfiguration;
import io.idempotency.autoconfigure.IdempotencyClientAutoConfiguration;
import io.idempotency.autoconfigure.InMemoryIdempotencyStoreAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** One logical call has one key, whoever retries it. */
class RetriedCallTests {

	private static final String KEY = "the caller's own";

	private static ConfigurableApplicationContext application;

	private final FakeProvider provider = new FakeProvider();

	private Charges charges;

	/** Who retries: each runs two charges, the second of which fails at first. */
	enum Retries {

		SPRING {

			@Override
			void run(Charges charges, ConfigurableApplicationContext application) {
				charges.bySpring("a", "b");
			}

		},

		SPRING_RETRY {

			@Override
			void run(Charges charges, ConfigurableApplicationContext application) {
				charges.bySpringRetry("a", "b");
			}

		},

		RESILIENCE4J {

			@Override
			void run(Charges charges, ConfigurableApplicationContext application) {
				charges.byResilience4j("a", "b");
			}

		},

		RESILIENCE4J_ASYNC {

			@Override
			void run(Charges charges, ConfigurableApplicationContext application) {
				charges.byResilience4jLater("a", "b").toCompletableFuture().join();
			}

		},

		TEMPLATE {

			@Override
			void run(Charges charges, ConfigurableApplicationContext application) throws Exception {
				application.getBean(RetryTemplate.class).execute(() -> {
					charges.charge("a", "b");
					return null;
				});
			}

		},

		TEMPLATE_OF_A_SUPPLIER {

			@Override
			void run(Charges charges, ConfigurableApplicationContext application) {
				application.getBean(RetryOperations.class).invoke(() -> {
					charges.charge("a", "b");
					return "";
				});
			}

		},

		TEMPLATE_OF_A_TASK {

			@Override
			void run(Charges charges, ConfigurableApplicationContext application) {
				application.getBean(RetryOperations.class).invoke(() -> {
					charges.charge("a", "b");
				});
			}

		};

		abstract void run(Charges charges, ConfigurableApplicationContext application) throws Exception;

	}

	@BeforeAll
	static void startApplication() {
		application = new SpringApplicationBuilder(Beans.class).web(WebApplicationType.NONE)
			.properties("idempotency.store=memory", "spring.main.banner-mode=off", "logging.level.root=warn")
			.run();
	}

	@AfterAll
	static void stopApplication() {
		application.close();
	}

	@BeforeEach
	void start() {
		this.charges = application.getBean(Charges.class);
		application.getBean(CurrentProvider.class).url = this.provider.url();
	}

	@AfterEach
	void stop() {
		this.provider.close();
		assertThat(CallScope.current()).isNull();
	}

	@ParameterizedTest
	@EnumSource
	void everyAttemptSendsTheKeysOfTheFirst(Retries retries) throws Exception {
		this.provider.answers(201, FakeProvider.HANG_UP, 201, 503);
		retries.run(this.charges, application);
		List<String> sent = this.provider.keys();
		assertThat(sent).hasSize(6);
		assertThat(sent.subList(2, 4)).isEqualTo(sent.subList(0, 2));
		assertThat(sent.subList(4, 6)).isEqualTo(sent.subList(0, 2));
		assertThat(sent.get(0)).isNotEqualTo(sent.get(1));
		assertThat(this.provider.bookings()).containsExactlyInAnyOrder("a", "b");
		retries.run(this.charges, application);
		assertThat(this.provider.keys().subList(6, 8)).doesNotContainAnyElementsOf(sent);
	}

	@ParameterizedTest
	@EnumSource
	void sameWithinAnOperation(Retries retries) throws Exception {
		IdempotencyContext context = new IdempotencyContext("transfer", "digest", () -> 1);
		IdempotencyContext.exchange(context);
		try {
			this.provider.answers(201, FakeProvider.HANG_UP, 201, 503);
			retries.run(this.charges, application);
			this.charges.charge("c", "d");
		}
		finally {
			IdempotencyContext.exchange(null);
		}
		List<String> sent = this.provider.keys();
		assertThat(sent.subList(2, 4)).isEqualTo(sent.subList(0, 2));
		assertThat(sent.subList(4, 6)).isEqualTo(sent.subList(0, 2));
		assertThat(this.provider.bookings()).containsExactlyInAnyOrder("a", "b", "c", "d");
		IdempotencyContext.exchange(new IdempotencyContext("transfer", "digest", () -> 1));
		try {
			retries.run(this.charges, application);
		}
		finally {
			IdempotencyContext.exchange(null);
		}
		assertThat(this.provider.keys().subList(8, 10)).isEqualTo(sent.subList(0, 2));
	}

	@Test
	void operationThatIsRetriedAndOneThatRetriesSendTheSameKeys() {
		Retried retried = application.getBean(Retried.class);
		this.provider.answers(FakeProvider.HANG_UP);
		retried.outside(KEY + " outside", "a");
		this.provider.answers(FakeProvider.HANG_UP);
		retried.inside(KEY + " inside", "b");
		List<String> sent = this.provider.keys();
		assertThat(sent).hasSize(4);
		assertThat(sent.get(1)).isEqualTo(sent.get(0));
		assertThat(sent.get(3)).isEqualTo(sent.get(2));
		assertThat(sent.get(2)).isNotEqualTo(sent.get(0));
		assertThat(sent).noneMatch((key) -> key.contains("caller"));
		assertThat(this.provider.bookings()).containsExactlyInAnyOrder("a", "b");
	}

	/** Without a key, and so without a context, but within what is retried. */
	@Test
	void unprotectedRunsAreRetriedWithTheKeysOfTheirFirstAttempt() {
		IdempotencyContext.exchange(new IdempotencyContext("transfer", "digest", () -> 1));
		try {
			this.provider.answers(FakeProvider.HANG_UP);
			application.getBean(Retried.class).unprotected(null, "a");
		}
		finally {
			IdempotencyContext.exchange(null);
		}
		assertThat(this.provider.bookings()).containsExactly("a");
	}

	@Test
	void retriesByCodeAreOneCallWhereThatIsSaid() {
		io.github.resilience4j.retry.Retry retry = io.github.resilience4j.retry.Retry.of("code", config());
		this.provider.answers(FakeProvider.HANG_UP, 503);
		OutgoingKeys.run(() -> retry.executeRunnable(() -> this.charges.charge("a")));
		OutgoingKeys.run(() -> retry.executeRunnable(() -> this.charges.charge("a")));
		List<String> sent = this.provider.keys();
		assertThat(sent).hasSize(4);
		assertThat(sent.subList(0, 3)).containsOnly(sent.get(0));
		assertThat(sent.get(3)).isNotEqualTo(sent.get(0));
	}

	@Test
	void whatGivesUpThrowsWhatItThrewBefore() {
		this.provider.answers(503, 503, 503, 503);
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> this.charges.bySpring("a", "b"))
			.withMessageContaining("503");
		assertThat(this.provider.keys()).hasSize(4).containsOnly(this.provider.keys().get(0));
	}

	private static RetryConfig config() {
		return RetryConfig.custom().maxAttempts(3).waitDuration(Duration.ofMillis(1)).build();
	}

	/** Each test has one of its own. */
	static class CurrentProvider {

		private volatile String url;

	}

	static class Charges {

		private final RestClient client;

		private final CurrentProvider provider;

		Charges(RestClient client, CurrentProvider provider) {
			this.client = client;
			this.provider = provider;
		}

		void charge(String... bodies) {
			for (String body : bodies) {
				this.client.post().uri(this.provider.url + "/charges").body(body).retrieve().toBodilessEntity();
			}
		}

		@Retryable(delay = 1)
		void bySpring(String... bodies) {
			charge(bodies);
		}

		@org.springframework.retry.annotation.Retryable(backoff = @Backoff(delay = 1))
		void bySpringRetry(String... bodies) {
			charge(bodies);
		}

		@io.github.resilience4j.retry.annotation.Retry(name = "charges")
		void byResilience4j(String... bodies) {
			charge(bodies);
		}

		@io.github.resilience4j.retry.annotation.Retry(name = "charges")
		CompletionStage<Void> byResilience4jLater(String... bodies) {
			try {
				charge(bodies);
				return CompletableFuture.completedFuture(null);
			}
			catch (RuntimeException ex) {
				return CompletableFuture.failedFuture(ex);
			}
		}

	}

	static class Retried {

		private final Charges charges;

		Retried(Charges charges) {
			this.charges = charges;
		}

		@Retryable(delay = 1)
		@Idempotent(key = "#key")
		void outside(String key, String body) {
			this.charges.charge(body);
		}

		@Retryable(delay = 1)
		@Idempotent(key = "#key", required = false)
		void unprotected(@Nullable String key, String body) {
			assertThat(IdempotencyContext.current()).isEmpty();
			this.charges.charge(body);
		}

		@Idempotent(key = "#key")
		void inside(String key, String body) {
			this.charges.bySpring(body);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableResilientMethods
	@EnableRetry
	@ImportAutoConfiguration({ AopAutoConfiguration.class, IdempotencyAutoConfiguration.class,
			InMemoryIdempotencyStoreAutoConfiguration.class, IdempotencyClientAutoConfiguration.class })
	@Import({ CurrentProvider.class, Charges.class, Retried.class })
	static class Beans {

		@Bean
		RestClient client(OutgoingKeys keys) {
			return RestClient.builder()
				.requestFactory(new JdkClientHttpRequestFactory(
						HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()))
				.requestInterceptor(keys.interceptor("payments"))
				.build();
		}

		@Bean
		RetryTemplate retryTemplate() {
			return new RetryTemplate(RetryPolicy.builder().maxRetries(3).delay(Duration.ofMillis(1)).build());
		}

		@Bean
		RetryAspect retryAspect() {
			SpelResolver expressions = new DefaultSpelResolver(new SpelExpressionParser(),
					new DefaultParameterNameDiscoverer(), null);
			return new RetryAspect(new RetryConfigurationProperties(), RetryRegistry.of(config()), List.of(),
					new FallbackExecutor(expressions, new FallbackDecorators(List.of())), expressions, null);
		}

	}

}
