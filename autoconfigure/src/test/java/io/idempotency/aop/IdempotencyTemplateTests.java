package io.idempotency.aop;

import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.idempotency.IdempotencyTemplate;
import io.idempotency.IdempotencyTemplate.Call;
import io.idempotency.Idempotent;
import io.idempotency.InProgress;
import io.idempotency.KeyMissingException;
import io.idempotency.OperationInProgressException;
import io.idempotency.OutcomeUnknownException;
import io.idempotency.PayloadMismatchException;
import io.idempotency.Recovery;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/** Rule 20: the same engine, without an annotation. */
class IdempotencyTemplateTests {

	private static ConfigurableApplicationContext application;

	private static IdempotencyTemplate template;

	private final String key = UUID.randomUUID().toString();

	private final AtomicInteger runs = new AtomicInteger();

	@BeforeAll
	static void start() {
		application = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties("idempotency.store=memory", "spring.main.banner-mode=off", "logging.level.root=warn",
					"idempotency.jdbc.initialize-schema=always", "spring.datasource.generate-unique-name=true")
			.run();
		template = application.getBean(IdempotencyTemplate.class);
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	private Call call() {
		return template.operation("charge").key(this.key);
	}

	@Test
	void rule20ResultIsReplayedEqual() {
		Receipt first = call().execute(Receipt.class, this::charge);
		Receipt second = call().execute(Receipt.class, this::charge);
		assertThat(second).isEqualTo(first).isNotSameAs(first);
		assertThat(template.operation("charge").key(this.key + "x").execute(Receipt.class, this::charge))
			.isNotEqualTo(first);
		assertThat(template.operation("refund").key(this.key).execute(Receipt.class, this::charge)).isNotEqualTo(first);
		assertThat(this.runs).hasValue(3);
	}

	private Receipt charge() {
		return new Receipt(this.runs.incrementAndGet(), new BigDecimal("10.00"));
	}

	@Test
	void rule20GenericTypesNullAndNothingAreReplayed() {
		ParameterizedTypeReference<Map<String, List<Receipt>>> type = new ParameterizedTypeReference<>() {
		};
		Map<String, List<Receipt>> first = call().execute(type, () -> Map.of("a", List.of(charge())));
		assertThat(call().execute(type, () -> Map.of("a", List.of(charge())))).isEqualTo(first);
		Call other = template.operation("nothing").key(this.key);
		assertThat(other.execute(String.class, this::nothing)).isNull();
		assertThat(other.execute(String.class, this::nothing)).isNull();
		Call silent = template.operation("silent").key(this.key);
		silent.run(this::charge);
		silent.run(this::charge);
		assertThat(this.runs).hasValue(3);
	}

	private String nothing() {
		this.runs.incrementAndGet();
		return null;
	}

	@Test
	void rule20ExceptionPassesUnchangedAndFreesTheKey() {
		IOException thrown = new IOException("no");
		for (int i = 0; i < 2; i++) {
			assertThatExceptionOfType(IOException.class).isThrownBy(() -> call().run(() -> {
				this.runs.incrementAndGet();
				throw thrown;
			})).isSameAs(thrown);
		}
		call().run(this::charge);
		call().run(this::charge);
		assertThat(this.runs).hasValue(3);
	}

	@Test
	void keyMayBeHeldAfterAnException() {
		Call held = call().recovery(Recovery.HOLD);
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> held.run(() -> {
			throw new IllegalStateException("who knows");
		}));
		assertThatExceptionOfType(OutcomeUnknownException.class).isThrownBy(() -> held.run(this::charge));
		assertThat(this.runs).hasValue(0);
	}

	@Test
	void rule20OtherRequestWithTheKeyIsRefused() {
		call().fingerprint("EUR", new BigDecimal("10")).run(this::charge);
		call().fingerprint("EUR", new BigDecimal("10")).run(this::charge);
		assertThatExceptionOfType(PayloadMismatchException.class)
			.isThrownBy(() -> call().fingerprint("EUR", new BigDecimal("11")).run(this::charge));
		assertThatExceptionOfType(PayloadMismatchException.class).isThrownBy(() -> call().run(this::charge));
		assertThat(this.runs).hasValue(1);
	}

	@Test
	void rule1MissingKeyIsRefused() {
		for (Object missing : new Object[] { null, "", " \t" }) {
			assertThatExceptionOfType(KeyMissingException.class)
				.isThrownBy(() -> template.operation("charge").key(missing).run(this::charge))
				.matches((ex) -> ex.getOperation().equals("charge"));
		}
		assertThatExceptionOfType(KeyMissingException.class)
			.isThrownBy(() -> template.operation("charge").run(this::charge));
		assertThat(this.runs).hasValue(0);
	}

	@Test
	void duplicateInFlightIsRefusedOrWaits() throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch gate = new CountDownLatch(1);
		ExecutorService threads = Executors.newFixedThreadPool(2);
		Future<Receipt> first = threads.submit(() -> call().execute(Receipt.class, () -> {
			begun.countDown();
			assertThat(gate.await(10, TimeUnit.SECONDS)).isTrue();
			return charge();
		}));
		assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
		assertThatExceptionOfType(OperationInProgressException.class).isThrownBy(() -> call().run(this::charge));
		Call patient = call().inProgress(InProgress.WAIT);
		assertThatExceptionOfType(OperationInProgressException.class)
			.isThrownBy(() -> patient.waitTimeout(Duration.ofMillis(50)).run(this::charge));
		Future<Receipt> waiting = threads
			.submit(() -> patient.waitTimeout(Duration.ofSeconds(10)).execute(Receipt.class, this::charge));
		gate.countDown();
		assertThat(waiting.get(10, TimeUnit.SECONDS)).isEqualTo(first.get());
		assertThat(this.runs).hasValue(1);
		threads.shutdown();
	}

	@Test
	void resultIsKeptForItsTtl() {
		Call brief = call().ttl(Duration.ofMillis(50));
		brief.run(this::charge);
		await().until(() -> {
			brief.run(this::charge);
			return this.runs.get() == 2;
		});
	}

	@Test
	void rule19CallsInALoopAndNestedCallsAreTheirOwn() {
		for (int round = 0; round < 2; round++) {
			for (int i = 0; i < 3; i++) {
				int item = i;
				template.operation("outer")
					.key(this.key + item)
					.run(() -> template.operation("inner").key(this.key + item).run(this::charge));
			}
		}
		assertThat(this.runs).hasValue(3);
	}

	@Test
	void rule20RecordIsThatOfAnAnnotatedMethod() {
		Receipt first = application.getBean(Charges.class).charge(this.key);
		assertThat(template.operation("annotated")
			.key(this.key)
			.fingerprint(this.key)
			.execute(Receipt.class, this::charge)).isEqualTo(first);
		assertThat(this.runs).hasValue(0);
	}

	@Test
	void storeMayBeChosenAndBePartOfTheTransaction() {
		JdbcTemplate sql = application.getBean(JdbcTemplate.class);
		sql.execute("CREATE TABLE IF NOT EXISTS charge (text varchar(40))");
		Call transactional = call().store("jdbc-transactional");
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> transactional.run(() -> {
			sql.update("INSERT INTO charge VALUES ('lost')");
			throw new IllegalStateException("no");
		}));
		for (int i = 0; i < 2; i++) {
			transactional.run(() -> sql.update("INSERT INTO charge VALUES ('kept')"));
		}
		assertThat(sql.queryForList("SELECT text FROM charge", String.class)).containsExactly("kept");
	}

	@Test
	void descriptionIsKeptAndUsedAgain() {
		Call base = template.operation("base");
		base.key(this.key + 1).ttl(Duration.ofMinutes(1)).run(this::charge);
		base.key(this.key + 2).run(this::charge);
		base.key(this.key + 1).run(this::charge);
		assertThat(this.runs).hasValue(2);
	}

	@Test
	void whatCannotWorkIsSaidAtOnce() {
		assertThatIllegalArgumentException().isThrownBy(() -> template.operation(" "));
		assertThatIllegalArgumentException().isThrownBy(() -> call().ttl(Duration.ZERO)).withMessageContaining("ttl");
		assertThatIllegalArgumentException().isThrownBy(() -> call().waitTimeout(Duration.ofSeconds(-1)));
		assertThatIllegalArgumentException().isThrownBy(() -> call().store("tape")).withMessageContaining("memory");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> call().execute(CompletableFuture.class, CompletableFuture::new))
			.withMessageContaining("cannot be stored");
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> call().fingerprint(new Unreadable()).run(this::charge))
			.withMessageContaining("fingerprint");
	}

	@Test
	void callsAreCounted() {
		template.operation("counted").key(this.key).run(this::charge);
		template.operation("counted").key(this.key).run(this::charge);
		MeterRegistry meters = application.getBean(MeterRegistry.class);
		for (String outcome : List.of("executed", "replayed")) {
			assertThat(meters.get("idempotency.operations")
				.tags("operation", "counted", "outcome", outcome)
				.timer()
				.count()).isEqualTo(1);
		}
	}

	/** A value that JSON cannot hold. */
	static final class Unreadable {

		public String getText() {
			throw new UnsupportedOperationException();
		}

	}

	/** What a charge gives. */
	record Receipt(int run, BigDecimal amount) {
	}

	/** With an annotation. */
	static class Charges {

		@Idempotent(operation = "annotated", key = "#key")
		Receipt charge(String key) {
			return new Receipt(77, BigDecimal.TEN);
		}

	}

	/** The application. */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Charges.class)
	static class Application {

		@Bean
		MeterRegistry meters() {
			return new SimpleMeterRegistry();
		}

	}

}
