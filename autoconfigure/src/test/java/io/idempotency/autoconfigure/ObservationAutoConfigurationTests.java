package io.idempotency.autoconfigure;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.idempotency.IdempotencyTemplate;
import io.idempotency.observation.OperationContext;
import io.idempotency.observation.UntimedOperations;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationPredicate;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationRegistryCustomizer;
import org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.opentelemetry.autoconfigure.OpenTelemetryTracingAutoConfiguration;
import org.springframework.boot.opentelemetry.autoconfigure.OpenTelemetrySdkAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/** Where calls are observations, next to what Spring Boot makes of observations. */
class ObservationAutoConfigurationTests {

	/** Is asked before an observation is made. */
	private final Queue<String> asked = new ConcurrentLinkedQueue<>();

	private final ApplicationContextRunner plain = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(AopAutoConfiguration.class, InMemoryIdempotencyStoreAutoConfiguration.class,
						IdempotencyAutoConfiguration.class, IdempotencyObservationAutoConfiguration.class))
		.withPropertyValues("idempotency.store=memory");

	private final ApplicationContextRunner measured = this.plain
		.withConfiguration(AutoConfigurations.of(ObservationAutoConfiguration.class, MetricsAutoConfiguration.class,
				SimpleMetricsExportAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class))
		.withBean("asked", ObservationPredicate.class, () -> (name, context) -> this.asked.add(name));

	private final ApplicationContextRunner traced = this.measured
		.withConfiguration(AutoConfigurations.of(OpenTelemetrySdkAutoConfiguration.class,
				OpenTelemetryTracingAutoConfiguration.class, MicrometerTracingAutoConfiguration.class));

	@Test
	void noObservationIsMadeForMetersAlone() {
		this.measured.run((context) -> {
			call(context);
			assertThat(this.asked).isEmpty();
			assertTimedOnce(context);
		});
	}

	@Test
	void tracedCallIsAnObservationAndTimedOnce() {
		this.traced.run((context) -> {
			call(context);
			assertThat(this.asked).containsExactly("idempotency.operations");
			assertTimedOnce(context);
		});
	}

	@Test
	void handlerOfTheApplicationHearsOfCalls() {
		Listener listener = new Listener();
		this.measured.withBean(Listener.class, () -> listener).run((context) -> {
			call(context);
			assertThat(listener.heard).containsExactly("orders");
			assertTimedOnce(context);
		});
	}

	@Test
	void handlerThatACustomizerAddsHearsOfCalls() {
		Listener listener = new Listener();
		this.measured
			.withBean(ObservationRegistryCustomizer.class,
					() -> (registry) -> registry.observationConfig().observationHandler(listener))
			.run((context) -> {
				call(context);
				assertThat(listener.heard).containsExactly("orders");
				assertTimedOnce(context);
			});
	}

	@Test
	void registryOfAnotherKindHearsOfCalls() {
		OtherRegistry registry = new OtherRegistry();
		this.measured.withBean(ObservationRegistry.class, () -> registry).run((context) -> {
			call(context);
			assertThat(this.asked).containsExactly("idempotency.operations");
			assertTimedOnce(context);
		});
	}

	@Test
	void propertyOfSpringBootSwitchesObservationsOff() {
		this.traced.withPropertyValues("management.observations.enable.idempotency.operations=false").run((context) -> {
			Listener listener = new Listener();
			context.getBean(ObservationRegistry.class).observationConfig().observationHandler(listener);
			call(context);
			assertThat(listener.heard).isEmpty();
			assertTimedOnce(context);
		});
	}

	@Test
	void applicationWithoutARegistryHasNoObservations() {
		this.plain.run((context) -> call(context));
	}

	@Test
	void applicationMayHaveARegistryWithoutSpringBoots() {
		Listener listener = new Listener();
		ObservationRegistry registry = ObservationRegistry.create();
		registry.observationConfig().observationHandler(listener);
		this.plain.withClassLoader(new FilteredClassLoader("org.springframework.boot.micrometer"))
			.withBean(ObservationRegistry.class, () -> registry)
			.run((context) -> {
				assertThat(context).doesNotHaveBean(UntimedOperations.class);
				call(context);
				assertThat(listener.heard).containsExactly("orders");
			});
	}

	@Test
	void disabledLibraryStandsBeforeNobody() {
		this.measured.withPropertyValues("idempotency.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(UntimedOperations.class));
	}

	private static void call(ApplicationContext context) {
		context.getBean(IdempotencyTemplate.class).operation("orders").key("key").run(() -> {
		});
	}

	private static void assertTimedOnce(ApplicationContext context) {
		assertThat(context.getBean(MeterRegistry.class).getMeters()).map(Meter::getId)
			.filteredOn((id) -> id.getName().startsWith("idempotency.operations"))
			.singleElement()
			.satisfies((id) -> {
				assertThat(id.getName()).isEqualTo("idempotency.operations");
				assertThat(id.getTags()).containsExactly(Tag.of("operation", "orders"), Tag.of("outcome", "executed"));
			});
	}

	/** Listens to the library. */
	static final class Listener implements ObservationHandler<OperationContext> {

		private final Queue<String> heard = new ConcurrentLinkedQueue<>();

		@Override
		public void onStop(OperationContext context) {
			this.heard.add(context.operation());
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return context instanceof OperationContext;
		}

	}

	/** A registry as tests of an application have it. */
	static final class OtherRegistry implements ObservationRegistry {

		private final ObservationRegistry registry = ObservationRegistry.create();

		@Override
		public Observation getCurrentObservation() {
			return this.registry.getCurrentObservation();
		}

		@Override
		public Observation.Scope getCurrentObservationScope() {
			return this.registry.getCurrentObservationScope();
		}

		@Override
		public void setCurrentObservationScope(Observation.Scope current) {
			this.registry.setCurrentObservationScope(current);
		}

		@Override
		public ObservationConfig observationConfig() {
			return this.registry.observationConfig();
		}

	}

}
