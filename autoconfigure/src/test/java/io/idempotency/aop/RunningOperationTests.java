package io.idempotency.aop;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.idempotency.IdempotencyContext;
import io.idempotency.IdempotencyTemplate;
import io.idempotency.Idempotent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.task.support.ContextPropagatingTaskDecorator;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;

import io.idempotency.autoconfigure.IdempotencyAutoConfiguration;
import io.idempotency.autoconfigure.InMemoryIdempotencyStoreAutoConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What methods learn of the operation that they run in. */
class RunningOperationTests {

	private static ConfigurableApplicationContext application;

	private static Service service;

	private final String key = UUID.randomUUID().toString();

	@BeforeAll
	static void start() {
		application = new SpringApplicationBuilder(Beans.class).web(WebApplicationType.NONE)
			.properties("idempotency.store=memory", "spring.main.banner-mode=off", "logging.level.root=warn")
			.run();
		service = application.getBean(Service.class);
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@AfterEach
	void nothingIsLeftBehind() {
		assertThat(IdempotencyContext.current()).isEmpty();
	}

	private static Optional<String> digest() {
		return IdempotencyContext.current().map(IdempotencyContext::keyDigest);
	}

	@Test
	void methodSeesItsOwnOperation() {
		service.outer(this.key, () -> {
			IdempotencyContext context = IdempotencyContext.current().orElseThrow();
			assertThat(context.operation()).isEqualTo("outer");
			assertThat(context.keyDigest()).hasSize(22).doesNotContain(this.key);
			assertThat(context.fencingNumber()).isPositive().isEqualTo(context.fencingNumber());
		});
	}

	@Test
	void rule19NestedOperationHasItsOwnAndTheOuterOneIsBackAfterwards() {
		service.outer(this.key, () -> {
			IdempotencyContext outer = IdempotencyContext.current().orElseThrow();
			service.inner(this.key,
					() -> assertThat(IdempotencyContext.current().orElseThrow().operation()).isEqualTo("inner"));
			assertThat(IdempotencyContext.current()).containsSame(outer);
			assertThatExceptionOfType(IllegalStateException.class)
				.isThrownBy(() -> service.inner(this.key + "x", () -> {
					throw new IllegalStateException("broken");
				}));
			assertThat(IdempotencyContext.current()).containsSame(outer);
			service.inner(this.key, () -> assertThat(true).as("is replayed").isFalse());
			assertThat(IdempotencyContext.current()).containsSame(outer);
		});
	}

	@Test
	void rule03UnprotectedRunDoesNotSeeTheOneAroundIt() {
		service.outer(this.key, () -> {
			service.optional(null, () -> assertThat(IdempotencyContext.current()).isEmpty());
			assertThat(IdempotencyContext.current().orElseThrow().operation()).isEqualTo("outer");
		});
	}

	@Test
	void runAfterAFailureHasTheSameChildKeys() {
		String[] children = new String[2];
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> service.outer(this.key, () -> {
			children[0] = IdempotencyContext.current().orElseThrow().childKey("charge");
			throw new IllegalStateException("after the charge");
		}));
		service.outer(this.key, () -> children[1] = IdempotencyContext.current().orElseThrow().childKey("charge"));
		assertThat(children[1]).isEqualTo(children[0]);
	}

	@Test
	void rule20WorkOfATemplateSeesTheSame() {
		String[] seen = new String[2];
		service.outer(this.key, () -> seen[0] = digest().orElseThrow());
		application.getBean(IdempotencyTemplate.class)
			.operation("outer")
			.key(this.key + "x")
			.run(() -> seen[1] = digest().orElseThrow());
		assertThat(seen[1]).hasSize(22).isNotEqualTo(seen[0]);
	}

	@Test
	void promisingMethodSeesItInItsOwnThread() {
		assertThat(service.promise(this.key)).succeedsWithin(10, TimeUnit.SECONDS).isEqualTo("promise");
	}

	@Test
	void contextPropagationCarriesItToAsynchronousMethods() {
		service.outer(this.key, () -> assertThat(service.later()).succeedsWithin(10, TimeUnit.SECONDS)
			.isEqualTo(digest().orElseThrow()));
		assertThat(service.later()).succeedsWithin(10, TimeUnit.SECONDS).isEqualTo("none");
	}

	static class Service {

		@Idempotent(key = "#key", operation = "outer", fingerprint = "''")
		void outer(String key, Runnable body) {
			body.run();
		}

		@Idempotent(key = "#key", operation = "inner", fingerprint = "''")
		void inner(String key, Runnable body) {
			body.run();
		}

		@Idempotent(key = "#key", operation = "optional", required = false, fingerprint = "''")
		void optional(@Nullable String key, Runnable body) {
			body.run();
		}

		@Idempotent(key = "#key", operation = "promise", fingerprint = "''")
		CompletableFuture<String> promise(String key) {
			return CompletableFuture.completedFuture(IdempotencyContext.current().orElseThrow().operation());
		}

		@Async
		CompletableFuture<String> later() {
			return CompletableFuture.completedFuture(digest().orElse("none"));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync(proxyTargetClass = true)
	@ImportAutoConfiguration({ AopAutoConfiguration.class, IdempotencyAutoConfiguration.class,
			InMemoryIdempotencyStoreAutoConfiguration.class, TaskExecutionAutoConfiguration.class })
	@Import(Service.class)
	static class Beans {

		@Bean
		ContextPropagatingTaskDecorator carrier() {
			return new ContextPropagatingTaskDecorator();
		}

	}

}
