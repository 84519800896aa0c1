package io.idempotency.autoconfigure;

import java.util.List;

import io.idempotency.aop.IdempotentOperationSource;
import io.idempotency.openapi.IdempotencyOperationCustomizer;
import io.idempotency.openapi.PublishedSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;

/** When the OpenAPI document says what idempotent handlers promise. */
class OpenApiAutoConfigurationTests {

	private static final AutoConfigurations CONFIGURATIONS = AutoConfigurations.of(IdempotencyAutoConfiguration.class,
			InMemoryIdempotencyStoreAutoConfiguration.class, IdempotencyWebMvcAutoConfiguration.class,
			IdempotencyOpenApiAutoConfiguration.class);

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withConfiguration(CONFIGURATIONS)
		.withPropertyValues("idempotency.store=memory");

	@Test
	void itIsThereWithSpringdoc() {
		this.runner
			.run((context) -> assertThat(context).hasNotFailed().hasSingleBean(IdempotencyOperationCustomizer.class));
	}

	@Test
	void itIsNotThereWithoutSpringdoc() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springdoc", "io.swagger"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(IdempotencyOperationCustomizer.class));
	}

	@Test
	void itIsNotThereWithoutServlets() {
		new ApplicationContextRunner().withConfiguration(CONFIGURATIONS)
			.withPropertyValues("idempotency.store=memory")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(IdempotencyOperationCustomizer.class));
	}

	@ParameterizedTest
	@ValueSource(strings = { "idempotency.enabled", "springdoc.api-docs.enabled" })
	void itIsNotThereWhenSwitchedOff(String property) {
		this.runner.withPropertyValues(property + "=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(IdempotencyOperationCustomizer.class));
	}

	@Test
	void anotherOneOfTheApplicationReplacesIt() {
		this.runner.withUserConfiguration(Own.class)
			.run((context) -> assertThat(context).getBeanNames(IdempotencyOperationCustomizer.class)
				.containsExactly("own"));
	}

	static class Own {

		@Bean
		IdempotencyOperationCustomizer own(IdempotentOperationSource operations) {
			return new IdempotencyOperationCustomizer(operations, List.of(), (operation) -> false,
					new PublishedSettings(null, "X-Replayed", 10, false, null, null, false));
		}

	}

}
