package io.idempotency.autoconfigure;

import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

import io.idempotency.Idempotent;
import io.idempotency.IdempotentStream;
import io.idempotency.InvalidIdempotencyConfigurationException;
import io.idempotency.store.memory.InMemoryIdempotencyStore;
import jakarta.validation.constraints.NotNull;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.resilience.annotation.EnableResilientMethods;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.validation.annotation.Validated;

import static org.assertj.core.api.Assertions.assertThat;

/** Each misuse of the annotation of streams fails the start. */
class StreamMisuseTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withPropertyValues("idempotency.store=memory", "spring.datasource.generate-unique-name=true")
		.withConfiguration(
				AutoConfigurations.of(AopAutoConfiguration.class, InMemoryIdempotencyStoreAutoConfiguration.class,
						IdempotencyAutoConfiguration.class, IdempotentStreamAutoConfiguration.class));

	private final ApplicationContextRunner transactional = this.runner
		.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
				DataSourceTransactionManagerAutoConfiguration.class, TransactionAutoConfiguration.class,
				JdbcIdempotencyStoreAutoConfiguration.class, JdbcTransactionalIdempotencyStoreAutoConfiguration.class));

	static Stream<Arguments> misuses() {
		return Stream.of(misuse(NoStream.class, "does not say which stream", "stream = "),
				misuse(NoPosition.class, "does not say which stream", "position = "),
				misuse(BadSpel.class, "stream is no SpEL expression", "Correct the expression"),
				misuse(UnknownVariable.class, "position speaks of [#offset]", "names of the method's parameters"),
				misuse(UnknownPlaceholder.class, "'${no.such.property}'", "Define the property"),
				misuse(UnknownStore.class, "no store named 'mongo' that keeps marks", "Choose one of [memory]"),
				misuse(WithResult.class, "it returns a int", "Let it return void"),
				misuse(WithFuture.class, "it returns a CompletableFuture", "Let it return void"),
				misuse(BothOnMethod.class, "@Idempotent stands on it too", "Keep one of the two"),
				misuse(BothOnClass.class, "@Idempotent stands on it too", "Keep one of the two"),
				misuse(Asynchronous.class, "the method is asynchronous", "@Async and @IdempotentStream on different"),
				misuse(FinalClass.class, "the class is final", "Take 'final' away"),
				misuse(FinalMethod.class, "private, static or final", "public instance method"),
				misuse(PrivateMethod.class, "private, static or final", "public instance method"),
				misuse(SameOperation.class, "each would skip what the other has done", "operation of its own"));
	}

	private static Arguments misuse(Class<?> bean, String description, String action) {
		return Arguments.of(bean, description, action);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("misuses")
	void misuseFailsTheStart(Class<?> bean, String description, String action) {
		this.runner.withUserConfiguration(bean).run((context) -> {
			assertThat(context).hasFailed();
			InvalidIdempotencyConfigurationException failure = failure(context.getStartupFailure());
			assertThat(failure.getDescription()).contains("@IdempotentStream on ", bean.getSimpleName(), description);
			assertThat(failure.getAction()).contains(action);
		});
	}

	private static InvalidIdempotencyConfigurationException failure(Throwable failure) {
		for (Throwable ex = failure; ex != null; ex = ex.getCause()) {
			if (ex instanceof InvalidIdempotencyConfigurationException invalid) {
				return invalid;
			}
		}
		throw new AssertionError(NestedExceptionUtils.getMostSpecificCause(failure));
	}

	@Test
	void transactionThatLeavesTheOneWithTheMarkFailsTheStart() {
		this.transactional.withUserConfiguration(OwnTransaction.class)
			.run((context) -> assertThat(failure(context.getStartupFailure()).getDescription())
				.contains("@IdempotentStream on ", "its @Transactional leaves the transaction around it"));
	}

	@Test
	void transactionAroundTheAspectFailsTheStart() {
		this.transactional.withUserConfiguration(EarlyTransactions.class)
			.run((context) -> assertThat(failure(context.getStartupFailure()).getDescription())
				.contains("@IdempotentStream on ", "the transaction stands around it"));
	}

	@Test
	void beanWithoutProxyFailsTheStart() {
		this.runner.withPropertyValues("spring.aop.auto=false")
			.withBean("plain", Fine.class)
			.run((context) -> assertThat(failure(context.getStartupFailure()).getDescription())
				.contains("'plain' has no proxy"));
	}

	@Test
	void correctUseStartsAndTwoBeansOfOneClassShareTheirMarks() {
		this.runner.withBean("one", Fine.class)
			.withBean("two", Fine.class)
			.run((context) -> assertThat(context).hasNotFailed());
		this.transactional.withBean(FineInTransaction.class).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void whatStandsAroundOrWithinAnOrderedMethodMayTryAgainOrValidate() {
		this.runner.withUserConfiguration(Retried.class).run((context) -> assertThat(context).hasNotFailed());
		this.runner.withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class))
			.withBean(Checked.class)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void nothingIsCheckedWhereTheLibraryIsSwitchedOff() {
		this.runner.withPropertyValues("idempotency.enabled=false")
			.withBean(NoStream.class)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void storeOfTheApplicationsOwnMayKeepMarks() {
		this.runner
			.withBean("ownIdempotencyStore", InMemoryIdempotencyStore.class, () -> new InMemoryIdempotencyStore(1000))
			.withBean(OwnStore.class)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	static class Fine {

		@IdempotentStream(stream = "#stream", position = "#position")
		public void handle(String stream, long position) {
		}

	}

	static class FineInTransaction {

		@IdempotentStream(stream = "#stream", position = "#position", store = "jdbc-transactional")
		@Transactional
		public void handle(String stream, long position) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableResilientMethods
	static class Retried {

		@Bean
		Again again() {
			return new Again();
		}

		static class Again {

			@Retryable
			@IdempotentStream(stream = "#stream", position = "#position")
			public void handle(String stream, long position) {
			}

		}

	}

	@Validated
	static class Checked {

		@IdempotentStream(stream = "#stream", position = "#position")
		public void handle(@NotNull String stream, long position) {
		}

	}

	static class OwnStore {

		@IdempotentStream(stream = "#stream", position = "#position", store = "own")
		public void handle(String stream, long position) {
		}

	}

	static class NoStream {

		@IdempotentStream(position = "#position")
		public void handle(long position) {
		}

	}

	static class NoPosition {

		@IdempotentStream(stream = "#stream")
		public void handle(String stream) {
		}

	}

	static class BadSpel {

		@IdempotentStream(stream = "#stream.", position = "#position")
		public void handle(String stream, long position) {
		}

	}

	static class UnknownVariable {

		@IdempotentStream(stream = "#stream", position = "#offset")
		public void handle(String stream, long position) {
		}

	}

	static class UnknownPlaceholder {

		@IdempotentStream(stream = "#stream", position = "#position", operation = "${no.such.property}")
		public void handle(String stream, long position) {
		}

	}

	static class UnknownStore {

		@IdempotentStream(stream = "#stream", position = "#position", store = "mongo")
		public void handle(String stream, long position) {
		}

	}

	static class WithResult {

		@IdempotentStream(stream = "#stream", position = "#position")
		public int handle(String stream, long position) {
			return 1;
		}

	}

	static class WithFuture {

		@IdempotentStream(stream = "#stream", position = "#position")
		public CompletableFuture<Void> handle(String stream, long position) {
			return CompletableFuture.completedFuture(null);
		}

	}

	static class BothOnMethod {

		@IdempotentStream(stream = "#stream", position = "#position")
		@Idempotent(key = "#position")
		public void handle(String stream, long position) {
		}

	}

	@Idempotent(key = "#position")
	static class BothOnClass {

		@IdempotentStream(stream = "#stream", position = "#position")
		public void handle(String stream, long position) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAsync
	static class Asynchronous {

		@Bean
		Later later() {
			return new Later();
		}

		static class Later {

			@Async
			@IdempotentStream(stream = "#stream", position = "#position")
			public void handle(String stream, long position) {
			}

		}

	}

	static final class FinalClass {

		@IdempotentStream(stream = "#stream", position = "#position")
		public void handle(String stream, long position) {
		}

	}

	static class FinalMethod {

		@IdempotentStream(stream = "#stream", position = "#position")
		public final void handle(String stream, long position) {
		}

	}

	static class PrivateMethod {

		@IdempotentStream(stream = "#stream", position = "#position")
		private void handle(String stream, long position) {
		}

	}

	static class SameOperation {

		@IdempotentStream(stream = "#stream", position = "#position", operation = "orders")
		public void handle(String stream, long position) {
		}

		@IdempotentStream(stream = "#stream", position = "#position", operation = "orders")
		public void handleToo(String stream, long position) {
		}

	}

	static class OwnTransaction {

		@IdempotentStream(stream = "#stream", position = "#position", store = "jdbc-transactional")
		@Transactional(propagation = Propagation.REQUIRES_NEW)
		public void handle(String stream, long position) {
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement(order = 5)
	static class EarlyTransactions {

		@Bean
		FineInTransaction fine() {
			return new FineInTransaction();
		}

	}

}
