package io.idempotency.aop;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.idempotency.Idempotent;
import io.idempotency.InvalidIdempotencyConfigurationException;
import io.idempotency.OperationInProgressException;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Jobs that the schedulers of several processes run. */
class ScheduledJobTests {

	private static final List<Instant> runs = new CopyOnWriteArrayList<>();

	private static final AtomicInteger calls = new AtomicInteger();

	@Test
	void oneOfThreeProcessesRunsTheJobOfEachPlannedTime() {
		List<ConfigurableApplicationContext> nodes = IntStream.range(0, 3)
			.mapToObj((i) -> start(Nightly.class))
			.toList();
		try {
			runs.clear();
			calls.set(0);
			await().atMost(Duration.ofSeconds(60)).until(() -> calls.get() > 12);
		}
		finally {
			nodes.forEach(ConfigurableApplicationContext::close);
		}
		assertThat(runs).hasSizeGreaterThan(2).doesNotHaveDuplicates();
		assertThat(calls.get()).isGreaterThan(runs.size());
	}

	/** As it may be somebody who needs to know. */
	@Test
	void methodThatIsNotScheduledIsNotSkippedInSilence() throws Exception {
		try (ConfigurableApplicationContext node = start(Plain.class)) {
			Plain plain = node.getBean(Plain.class);
			CompletableFuture<Void> first = CompletableFuture.runAsync(() -> plain.settle("day"));
			Plain.entered.await(30, TimeUnit.SECONDS);
			assertThatExceptionOfType(OperationInProgressException.class).isThrownBy(() -> plain.settle("day"));
			Plain.go.countDown();
			first.get(30, TimeUnit.SECONDS);
		}
	}

	@Test
	void jobWhosePlannedTimeNobodyKnowsFailsTheStart() {
		assertThatExceptionOfType(InvalidIdempotencyConfigurationException.class)
			.isThrownBy(() -> start(FixedRate.class))
			.withMessageContaining("counts its fixed delays and rates for itself");
		assertThatExceptionOfType(InvalidIdempotencyConfigurationException.class).isThrownBy(() -> start(Keyless.class))
			.withMessageContaining("nothing says which run is which");
	}

	private static ConfigurableApplicationContext start(Class<?> bean) {
		return new SpringApplicationBuilder(Application.class, bean, Attempts.class).web(WebApplicationType.NONE)
			.properties("idempotency.store=jdbc", "spring.main.banner-mode=off", "logging.level.root=warn",
					"spring.datasource.url=jdbc:h2:mem:scheduled;DB_CLOSE_DELAY=-1", "job.cron=* * * * * *")
			.run();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableScheduling
	static class Application {

	}

	/** How often the schedulers want something done. */
	static class Attempts {

		@Scheduled(cron = "${job.cron}")
		void count() {
			calls.incrementAndGet();
		}

	}

	static class Nightly {

		private final PlannedTimes times;

		Nightly(Environment environment) throws NoSuchMethodException {
			this.times = PlannedTimes.of(Nightly.class.getMethod("settle"), environment::resolvePlaceholders);
		}

		@Scheduled(cron = "${job.cron}")
		@Idempotent(key = "#plannedTime")
		public void settle() {
			runs.add(this.times.at(Instant.now()));
		}

	}

	static class Plain {

		static final CountDownLatch entered = new CountDownLatch(1);

		static final CountDownLatch go = new CountDownLatch(1);

		@Idempotent(key = "#day")
		public void settle(String day) {
			entered.countDown();
			try {
				go.await(30, TimeUnit.SECONDS);
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	static class FixedRate {

		@Scheduled(fixedRate = 1000)
		@Idempotent(key = "#plannedTime")
		public void settle() {
		}

	}

	static class Keyless {

		@Scheduled(cron = "* * * * * *")
		@Idempotent
		public void settle() {
		}

	}

}
