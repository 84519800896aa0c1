package io.idempotency.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.StoreAwayException;
import io.idempotency.store.redis.RedisIdempotencyStore;
import io.idempotency.testsupport.Claims;
import io.idempotency.testsupport.RedisProcess;
import io.lettuce.core.tracing.LettuceObservationContext;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.observation.LettuceObservationAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.data.redis.core.StringRedisTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** What the driver reports of commands, as Spring Boot has it report. */
class RedisObservationIT {

	private static RedisProcess redis;

	private final Queue<String> observed = new ConcurrentLinkedQueue<>();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ObservationAutoConfiguration.class,
				LettuceObservationAutoConfiguration.class, DataRedisAutoConfiguration.class,
				RedisIdempotencyStoreAutoConfiguration.class, IdempotencyRedisObservationAutoConfiguration.class))
		.withBean("recorder", Recorder.class, () -> new Recorder(this.observed))
		.withPropertyValues("spring.data.redis.host=127.0.0.1", "spring.data.redis.port=" + redis.port(),
				"idempotency.redis.check=off");

	@BeforeAll
	static void start() {
		redis = RedisProcess.redis62();
	}

	@AfterAll
	static void stop() {
		redis.close();
	}

	@Test
	void commandsOfTheStoreAreNoObservations() {
		this.runner.run((context) -> {
			assertThat(commandsOfACall(context)).isEmpty();
			assertThat(commandsOfTheApplication(context)).containsExactly("SET", "GET");
		});
	}

	@Test
	void commandsOfTheStoreAreObservationsWhereThatIsSaid() {
		this.runner.withPropertyValues("idempotency.redis.observe-commands=true").run((context) -> {
			assertThat(commandsOfACall(context)).contains("SET", "EVALSHA");
			assertThat(commandsOfTheApplication(context)).containsExactly("SET", "GET");
		});
	}

	@Test
	void prefixOfTheKeysIsTheConfiguredOne() {
		this.runner.withPropertyValues("idempotency.key-prefix=payments").run((context) -> {
			assertThat(commandsOfACall(context)).isEmpty();
			assertThat(commandsOfTheApplication(context)).containsExactly("SET", "GET");
		});
	}

	private List<String> commandsOfACall(ApplicationContext context) {
		RedisIdempotencyStore store = context.getBean(RedisIdempotencyStore.class);
		// the first connection may take longer than the budget of a call
		await().ignoreException(StoreAwayException.class).until(() -> !store.release(Claims.fresh()));
		drain();
		Claim claim = Claims.fresh();
		store.claim(claim);
		store.complete(claim, StoredResult.of(new byte[8]), Duration.ofMinutes(1));
		return drain();
	}

	private List<String> commandsOfTheApplication(ApplicationContext context) {
		StringRedisTemplate template = context.getBean(StringRedisTemplate.class);
		template.opsForValue().set("idempotency", "of the application");
		template.opsForValue().get("idempotency");
		return drain();
	}

	private List<String> drain() {
		List<String> commands = List.copyOf(this.observed);
		this.observed.clear();
		return commands;
	}

	/** Writes down what was observed. */
	static final class Recorder implements ObservationHandler<LettuceObservationContext> {

		/** What a connection begins with. */
		private static final Set<String> HANDSHAKE = Set.of("HELLO", "CLIENT");

		private final Queue<String> observed;

		Recorder(Queue<String> observed) {
			this.observed = observed;
		}

		@Override
		public void onStart(LettuceObservationContext context) {
			String command = context.getRequiredCommand().getType().toString();
			if (!HANDSHAKE.contains(command)) {
				this.observed.add(command);
			}
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return context instanceof LettuceObservationContext;
		}

	}

}
