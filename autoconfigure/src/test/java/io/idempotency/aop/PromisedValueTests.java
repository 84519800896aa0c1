package io.idempotency.aop;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.idempotency.Idempotent;
import io.idempotency.InvalidIdempotencyConfigurationException;
import io.idempotency.KeyMissingException;
import io.idempotency.OperationInProgressException;
import io.idempotency.Recovery;
import io.idempotency.OutcomeUnknownException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Rule 18 for methods whose value comes later than they return. */
class PromisedValueTests {

	private static ConfigurableApplicationContext application;

	private static Service service;

	private final String key = UUID.randomUUID().toString();

	@BeforeAll
	static void start() {
		application = start(Service.class, "idempotency.lease=2s");
		service = application.getBean(Service.class);
	}

	private static ConfigurableApplicationContext start(Class<?> bean, String... properties) {
		return new SpringApplicationBuilder(Application.class, bean).web(WebApplicationType.NONE)
			.properties("idempotency.store=memory", "spring.main.banner-mode=off", "logging.level.root=warn",
					"spring.datasource.generate-unique-name=true")
			.properties(properties)
			.run();
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@Test
	void rule18PromisedValueIsStoredWhenItIsThereAndReplayed() throws Exception {
		CompletableFuture<List<Integer>> promise = new CompletableFuture<>();
		CompletableFuture<List<Integer>> first = service.charge(this.key, promise);
		assertThat(first).isNotDone();
		assertFailed(service.charge(this.key, promise), OperationInProgressException.class);
		promise.complete(List.of(1, 2));
		assertThat(first.get(5, TimeUnit.SECONDS)).containsExactly(1, 2);
		assertThat(service.charge(this.key, new CompletableFuture<>()).get(5, TimeUnit.SECONDS)).containsExactly(1, 2);
	}

	@Test
	void rule18PromisedValueIsReplayedWithItsWholeType() {
		List<Booking> first = service.bookings(this.key).join();
		assertThat(service.bookings(this.key).join()).isEqualTo(first).hasOnlyElementsOfType(Booking.class);
		assertThat(service.booking(this.key).toCompletableFuture().join())
			.isEqualTo(service.booking(this.key).toCompletableFuture().join())
			.isInstanceOf(Booking.class);
	}

	private static void assertFailed(CompletableFuture<?> promise, Class<? extends Throwable> failure) {
		assertThat(promise).isCompletedExceptionally();
		assertThat(failure(promise)).isInstanceOf(failure);
	}

	private static Throwable failure(CompletableFuture<?> promise) {
		return promise.<Throwable>handle((value, failure) -> failure).join();
	}

	@Test
	void rule18BrokenPromisePassesUnchangedAndFreesTheKey() {
		IOException failure = new IOException("no");
		CompletableFuture<List<Integer>> broken = service.charge(this.key,
				CompletableFuture.completedFuture("x").thenCompose((x) -> CompletableFuture.failedFuture(failure)));
		assertThat(failure(broken)).isSameAs(failure);
		assertThat(service.charge(this.key, CompletableFuture.completedFuture(List.of(3))).join()).containsExactly(3);
	}

	@Test
	void exceptionOfTheMethodItselfPassesUnchangedAndFreesTheKey() {
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> service.throwing(this.key, true))
			.withMessage("at once");
		assertThat(service.throwing(this.key, false).toCompletableFuture().join()).isEqualTo("done");
	}

	@Test
	void refusalsAreBrokenPromises() {
		assertFailed(service.charge(" ", new CompletableFuture<>()), KeyMissingException.class);
	}

	@Test
	void nullIsAValue() {
		service.charge(this.key, CompletableFuture.completedFuture(null)).join();
		assertThat(service.charge(this.key, new CompletableFuture<>()).join()).isNull();
	}

	@Test
	void rule21LeaseIsRenewedUntilThePromiseIsKept() {
		CompletableFuture<List<Integer>> promise = new CompletableFuture<>();
		CompletableFuture<List<Integer>> first = service.charge(this.key, promise);
		await().during(Duration.ofMillis(3500))
			.atMost(Duration.ofSeconds(6))
			.untilAsserted(() -> assertFailed(service.charge(this.key, promise), OperationInProgressException.class));
		promise.complete(List.of());
		assertThat(first.join()).isEmpty();
	}

	@Test
	void whoCancelsItsPromiseDoesNotFreeTheKey() {
		CompletableFuture<List<Integer>> promise = new CompletableFuture<>();
		service.charge(this.key, promise).cancel(true);
		assertFailed(service.charge(this.key, promise), OperationInProgressException.class);
		promise.complete(List.of(4));
		assertThat(service.charge(this.key, new CompletableFuture<>()).join()).containsExactly(4);
	}

	@Test
	void keyOfABrokenPromiseMayBeHeld() {
		service.held(this.key, CompletableFuture.failedFuture(new IOException("who knows")));
		assertFailed(service.held(this.key, CompletableFuture.completedFuture("x")), OutcomeUnknownException.class);
	}

	@Test
	void asynchronousMethodMayBeIdempotent() {
		assertThat(service.background(this.key).join()).isEqualTo(1);
		assertThat(service.background(this.key).join()).isEqualTo(1);
		assertThat(service.background(this.key + "x").join()).isEqualTo(2);
	}

	@Test
	void transactionOfTheCallersThreadCannotHoldAPromise() {
		assertThatExceptionOfType(InvalidIdempotencyConfigurationException.class)
			.isThrownBy(() -> start(Service.class, "idempotency.store=jdbc-transactional"))
			.withMessageContaining("answers asynchronously");
	}

	record Booking(String id, BigDecimal amount, int run) {
	}

	/** Promises. */
	static class Service {

		private final AtomicInteger runs = new AtomicInteger();

		@Idempotent(key = "#key", fingerprint = "'same'")
		public CompletableFuture<List<Integer>> charge(String key, CompletableFuture<List<Integer>> promise) {
			return promise;
		}

		@Idempotent(key = "#key", fingerprint = "'same'", recovery = Recovery.HOLD)
		public CompletableFuture<String> held(String key, CompletableFuture<String> promise) {
			return promise;
		}

		@Idempotent(key = "#key", fingerprint = "'same'")
		public CompletionStage<String> throwing(String key, boolean throwing) {
			if (throwing) {
				throw new IllegalStateException("at once");
			}
			return CompletableFuture.completedStage("done");
		}

		@Idempotent(key = "#key")
		public CompletableFuture<List<Booking>> bookings(String key) {
			return CompletableFuture.completedFuture(List.of(booked(key)));
		}

		@Idempotent(key = "#key")
		public CompletionStage<? extends Booking> booking(String key) {
			return CompletableFuture.completedStage(booked(key));
		}

		private Booking booked(String key) {
			return new Booking(key, new BigDecimal("10.00"), this.runs.incrementAndGet());
		}

		@Async
		@Idempotent(key = "#key")
		public CompletableFuture<Integer> background(String key) {
			return CompletableFuture.completedFuture(this.runs.incrementAndGet());
		}

	}

	/** The application. */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableAsync
	static class Application {

	}

}
