package io.idempotency.torture;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

import io.idempotency.Idempotent;
import io.idempotency.testsupport.RedisProcess;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rule 23 for a minute and 200 requests a second: nobody waits for longer than the
 * budget, nothing piles up, and Redis is used again as soon as it is back.
 */
@Tag("torture")
class LongOutageIT {

	private static final int RATE = 200;

	private static final Duration OUTAGE = Duration.ofSeconds(Integer.getInteger("torture.outage", 60));

	private static final Duration BUDGET = Duration.ofSeconds(1);

	private static final Duration BACK = Duration.ofSeconds(2);

	private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();

	private volatile int mostWaiting;

	private volatile int mostOwnThreads;

	@ParameterizedTest
	@EnumSource
	void everyAnswerComesWithinTheBudgetAndServiceReturns(Outage outage) throws Exception {
		try (RedisProcess redis = RedisProcess.redis62();
				LoopbackProxy network = new LoopbackProxy(redis.port());
				ConfigurableApplicationContext application = application(network)) {
			URI uri = URI.create(
					"http://localhost:" + application.getEnvironment().getProperty("local.server.port") + "/payments");
			HttpClient client = HttpClient.newHttpClient();
			load(client, uri, Duration.ofSeconds(5));
			this.answers.clear();
			this.mostWaiting = 0;
			this.mostOwnThreads = 0;
			int connectionsBefore = connections(redis);

			long beganAt = System.nanoTime();
			outage.begin(redis, network);
			load(client, uri, OUTAGE);
			outage.end(redis, network);
			long endedAt = System.nanoTime();
			load(client, uri, BACK.plusSeconds(8));
			settle();

			List<Answer> during = this.answers.stream()
				.filter((answer) -> answer.sentAt > beganAt && answer.sentAt < endedAt - BUDGET.toNanos())
				.toList();
			List<Answer> afterwards = this.answers.stream()
				.filter((answer) -> answer.sentAt > endedAt + BACK.toNanos())
				.toList();
			long lastRefusal = this.answers.stream()
				.filter((answer) -> answer.status != 200 && answer.sentAt > endedAt)
				.mapToLong((answer) -> answer.sentAt - endedAt)
				.max()
				.orElse(0);
			Answer slowest = this.answers.stream().max(Comparator.comparingLong(Answer::took)).orElseThrow();
			System.out
				.printf("%s for %s: %,d requests, statuses during %s and 2 s after its end %s, slowest %d ms for one"
						+ " sent after %d ms, last refusal %d ms after its end, at most %d requests that wait for Redis and %d threads of the library,"
						+ " connections to Redis %d before and %d after%n", outage, OUTAGE, this.answers.size(),
						statuses(during), statuses(afterwards), TimeUnit.NANOSECONDS.toMillis(slowest.took),
						TimeUnit.NANOSECONDS.toMillis(slowest.sentAt - beganAt),
						TimeUnit.NANOSECONDS.toMillis(lastRefusal), this.mostWaiting, this.mostOwnThreads,
						connectionsBefore, connections(redis));
			assertThat(statuses(during)).containsOnlyKeys(503);
			assertThat(statuses(afterwards)).containsOnlyKeys(200);
			assertThat(Duration.ofNanos(slowest.took)).isLessThan(BUDGET);
			// as many as come in half of the budget, after which Redis is known to be
			// away
			assertThat(this.mostWaiting).isLessThanOrEqualTo(RATE * 3 / 4);
			assertThat(this.mostOwnThreads).isLessThanOrEqualTo(40);
		}
	}

	private static Map<Integer, Long> statuses(List<Answer> answers) {
		return answers.stream().collect(Collectors.groupingBy(Answer::status, Collectors.counting()));
	}

	/** Sends what is due, whatever became of what was sent before. */
	private void load(HttpClient client, URI uri, Duration length) {
		long startedAt = System.nanoTime();
		long count = length.toSeconds() * RATE;
		for (long i = 0; i < count; i++) {
			long dueAt = startedAt + i * TimeUnit.SECONDS.toNanos(1) / RATE;
			LockSupport.parkNanos(dueAt - System.nanoTime());
			HttpRequest request = HttpRequest.newBuilder(uri)
				.header("Idempotency-Key", UUID.randomUUID().toString())
				.POST(HttpRequest.BodyPublishers.ofString("{}"))
				.build();
			var unused = client.sendAsync(request, HttpResponse.BodyHandlers.discarding())
				.thenAccept((response) -> this.answers
					.add(new Answer(dueAt, System.nanoTime() - dueAt, response.statusCode())));
			if (i % 20 == 0) {
				count();
			}
		}
	}

	/** Until all that was sent is answered. */
	private static void settle() {
		LockSupport.parkNanos(BUDGET.multipliedBy(2).toNanos());
	}

	/** Who waits for Redis, and what the library has of its own. */
	private void count() {
		Map<Thread, StackTraceElement[]> threads = Thread.getAllStackTraces();
		int own = (int) threads.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("idempotency-"))
			.count();
		int waiting = (int) threads.entrySet()
			.stream()
			.filter((thread) -> thread.getKey().getName().contains("exec-"))
			.filter((thread) -> Arrays.stream(thread.getValue())
				.anyMatch((frame) -> frame.getClassName().startsWith("io.idempotency.store.redis")))
			.count();
		this.mostOwnThreads = Math.max(this.mostOwnThreads, own);
		this.mostWaiting = Math.max(this.mostWaiting, waiting);
	}

	private static int connections(RedisProcess redis) {
		return redis.send("INFO clients")
			.lines()
			.filter((line) -> line.startsWith("connected_clients:"))
			.mapToInt((line) -> Integer.parseInt(line.substring("connected_clients:".length()).strip()))
			.findFirst()
			.orElseThrow();
	}

	private static ConfigurableApplicationContext application(LoopbackProxy network) {
		return new SpringApplicationBuilder(Application.class).properties("server.port=0",
				"spring.data.redis.host=127.0.0.1", "spring.data.redis.port=" + network.port(),
				"spring.main.banner-mode=off",
				"spring.autoconfigure.exclude="
						+ "org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration,"
						+ "org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration",
				"logging.level.root=error")
			.run();
	}

	private record Answer(long sentAt, long took, int status) {
	}

	enum Outage {

		/** Its port refuses connections. */
		KILLED {
			@Override
			void begin(RedisProcess redis, LoopbackProxy network) {
				redis.stop();
			}

			@Override
			void end(RedisProcess redis, LoopbackProxy network) {
				redis.start();
			}
		},

		/** Its port takes connections and never answers. */
		FROZEN {
			@Override
			void begin(RedisProcess redis, LoopbackProxy network) {
				redis.freeze();
			}

			@Override
			void end(RedisProcess redis, LoopbackProxy network) {
				redis.thaw();
			}
		},

		/** Nothing that is sent arrives, and nobody says so. */
		SWALLOWED {
			@Override
			void begin(RedisProcess redis, LoopbackProxy network) {
				network.weather().hold();
			}

			@Override
			void end(RedisProcess redis, LoopbackProxy network) {
				network.weather().clear();
			}
		};

		abstract void begin(RedisProcess redis, LoopbackProxy network);

		abstract void end(RedisProcess redis, LoopbackProxy network);

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration(excludeName = {
			"org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration",
			"org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration",
			"org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration",
			"org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration",
			"org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration" })
	@Import(Payments.class)
	static class Application {

	}

	@RestController
	static class Payments {

		@Idempotent
		@PostMapping("/payments")
		Map<String, String> pay() {
			return Map.of("paid", "yes");
		}

	}

}
