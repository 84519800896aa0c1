package io.idempotency.autoconfigure;

import java.math.BigDecimal;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.idempotency.Idempotent;
import io.idempotency.aop.InvocationDoor;
import io.idempotency.aop.MethodOperation;
import org.aopalliance.intercept.MethodInvocation;
import org.junit.jupiter.api.Test;

import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.ReflectionHintsPredicates;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.javapoet.ClassName;

import static org.assertj.core.api.Assertions.assertThat;

/** An application whose beans are decided and written as code when it is built. */
class AheadOfTimeTests {

	private final TestGenerationContext generation = new TestGenerationContext();

	@Test
	@CompileWithForkedClassLoader
	void duplicatesAreReplayed() {
		run((application) -> {
			Charges charges = application.getBean(Charges.class);
			Receipt first = charges.charge(new Order("a", BigDecimal.TEN));
			assertThat(charges.charge(new Order("a", BigDecimal.TEN))).isEqualTo(first);
			assertThat(charges.later("a").join()).isEqualTo(charges.later("a").join());
			assertThat(charges.runs()).isEqualTo(2);
		});
	}

	@Test
	@CompileWithForkedClassLoader
	void typesOfAnnotatedMethodsAreBound() {
		process();
		RuntimeHints hints = this.generation.getRuntimeHints();
		ReflectionHintsPredicates reflection = RuntimeHintsPredicates.reflection();
		assertThat(reflection.onMethodInvocation(Receipt.class, "id")).accepts(hints);
		assertThat(reflection.onMethodInvocation(Item.class, "name")).accepts(hints);
		assertThat(reflection.onMethodInvocation(Order.class, "id")).accepts(hints);
		assertThat(reflection.onMethodInvocation(Charges.class, "later")).accepts(hints);
		assertThat(reflection.onType(NotAsked.class)).rejects(hints);
	}

	/** On a machine that builds there is nothing to connect to. */
	@Test
	@CompileWithForkedClassLoader
	void nothingIsConnectedWhileAnApplicationIsBuilt() {
		Connected.count.set(0);
		process();
		assertThat(Connected.count).hasValue(0);
	}

	private ClassName process() {
		try (AnnotationConfigApplicationContext application = new AnnotationConfigApplicationContext()) {
			configure(application);
			application.register(Application.class);
			ClassName initializer = new ApplicationContextAotGenerator().processAheadOfTime(application,
					this.generation);
			this.generation.writeGeneratedContent();
			return initializer;
		}
	}

	@SuppressWarnings("unchecked")
	private void run(Consumer<GenericApplicationContext> use) {
		ClassName name = process();
		TestCompiler.forSystem().with(this.generation).compile((compiled) -> {
			ApplicationContextInitializer<GenericApplicationContext> initializer = compiled
				.getInstance(ApplicationContextInitializer.class, name.toString());
			try (GenericApplicationContext application = new GenericApplicationContext()) {
				configure(application);
				initializer.initialize(application);
				application.refresh();
				use.accept(application);
			}
		});
	}

	private static void configure(GenericApplicationContext application) {
		TestPropertyValues.of("idempotency.store=memory").applyTo(application);
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ AopAutoConfiguration.class, IdempotencyAutoConfiguration.class,
			IdempotentStreamAutoConfiguration.class, InMemoryIdempotencyStoreAutoConfiguration.class,
			IdempotencyMessagingAutoConfiguration.class, IdempotencyClientAutoConfiguration.class })
	@Import({ Charges.class, Connected.class })
	static class Application {

	}

	/** A part of the aspect that needs something outside. */
	static class Connected implements InvocationDoor {

		private static final AtomicInteger count = new AtomicInteger();

		Connected() {
			count.incrementAndGet();
		}

		@Override
		public boolean serves(MethodOperation operation) {
			return false;
		}

		@Override
		public boolean isRequest() {
			return false;
		}

		@Override
		public Set<String> variables() {
			return Set.of();
		}

		@Override
		public void validate(MethodOperation operation) {
		}

		@Override
		public boolean accepts(MethodInvocation invocation, MethodOperation operation) {
			return false;
		}

		@Override
		public Object invoke(MethodInvocation invocation, MethodOperation operation) {
			throw new IllegalStateException("Accepts nothing");
		}

	}

	record Order(String id, BigDecimal amount) {
	}

	record Receipt(String id, int run) {
	}

	record Item(String name, int run) {
	}

	record NotAsked(String name) {
	}

	static class Charges {

		private final AtomicInteger runs = new AtomicInteger();

		@Idempotent(key = "#order.id")
		public Receipt charge(Order order) {
			return new Receipt(order.id(), this.runs.incrementAndGet());
		}

		@Idempotent(key = "#id")
		public CompletableFuture<List<Item>> later(String id) {
			return CompletableFuture.completedFuture(List.of(new Item(id, this.runs.incrementAndGet())));
		}

		public NotAsked other() {
			return new NotAsked("a");
		}

		int runs() {
			return this.runs.get();
		}

	}

}
