package io.idempotency.store.jdbc;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One kill of an application in which several requests stand at the same point, and what
 * comes after it.
 */
final class CrashRound {

	private static final int KEYS = 5;

	/** Those that tell a client to come again: in progress, and a store that is away. */
	private static final Set<Integer> COME_AGAIN = Set.of(409, 503);

	private final CrashProcess application;

	private final JdbcTemplate sql;

	private final CrashMode mode;

	private final CrashPoint point;

	/**
	 * @param application which serves, and does so again after the round
	 * @param sql where its payments are
	 */
	CrashRound(CrashProcess application, JdbcTemplate sql, CrashMode mode, CrashPoint point) {
		this.application = application;
		this.sql = sql;
		this.mode = mode;
		this.point = point;
	}

	/** Returns what became of each key. */
	List<CrashFate> run() {
		List<String> keys = Stream.generate(() -> UUID.randomUUID().toString()).limit(KEYS).toList();
		List<CompletableFuture<HttpResponse<String>>> killed = keys.stream()
			.map((key) -> this.application.pay(key, this.point))
			.toList();
		Map<String, String> firstPayments = awaitPoint(keys);
		Map<String, String> duplicates = duplicates(keys);
		assertThat(killed).as("requests that were answered before the kill").noneMatch(CompletableFuture::isDone);
		this.application.kill();
		Map<String, List<String>> paymentsAfterKill = payments(keys);
		this.application.start();
		return keys.stream().map((key) -> {
			CrashFate.Answer answer = retry(key);
			CrashFate.Answer replay = ask(key);
			return new CrashFate(this.mode, this.point, key, firstPayments.getOrDefault(key, ""),
					duplicates.getOrDefault(key, ""), paymentsAfterKill.getOrDefault(key, List.of()), answer, replay,
					payments(key));
		}).toList();
	}

	/** Returns the payment that each key has made. */
	private Map<String, String> awaitPoint(List<String> keys) {
		Map<String, String> payments = new HashMap<>();
		for (int i = 0; i < keys.size(); i++) {
			String[] reached = this.application.awaitReached();
			assertThat(reached[0]).isEqualTo(this.point.name());
			payments.put(reached[1], reached[2]);
		}
		assertThat(payments).containsOnlyKeys(keys);
		return payments;
	}

	/** Before a claim a duplicate would be the first. */
	private Map<String, String> duplicates(List<String> keys) {
		if (this.point == CrashPoint.BEFORE_CLAIM) {
			return Map.of();
		}
		return keys.stream().collect(Collectors.toMap((key) -> key, (key) -> ask(key).body()));
	}

	private CrashFate.Answer retry(String key) {
		return await().atMost(Duration.ofSeconds(30))
			.pollDelay(Duration.ZERO)
			.pollInterval(Duration.ofMillis(50))
			.until(() -> ask(key), (answer) -> !COME_AGAIN.contains(answer.status()));
	}

	private CrashFate.Answer ask(String key) {
		HttpResponse<String> response = this.application.pay(key, null).join();
		return new CrashFate.Answer(response.statusCode(),
				response.headers().firstValue("Idempotent-Replayed").isPresent(), response.body());
	}

	private Map<String, List<String>> payments(List<String> keys) {
		return keys.stream().collect(Collectors.toMap((key) -> key, this::payments));
	}

	private List<String> payments(String key) {
		return this.sql.queryForList("SELECT payment FROM payment WHERE order_id = ?", String.class, key);
	}

}
