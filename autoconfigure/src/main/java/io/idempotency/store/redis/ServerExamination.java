package io.idempotency.store.redis;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

import io.idempotency.InvalidIdempotencyConfigurationException;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.StoreReport;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.api.async.RedisAsyncCommands;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Asks each server behind a new connection whether it may lose records. A server that
 * does not let us ask is believed to know what it does.
 */
final class ServerExamination {

	private static final Log logger = LogFactory.getLog(ServerExamination.class);

	private static final String ACTION = "Change the server, or set idempotency.redis.check to warn if you can live with"
			+ " that.";

	private static final byte[] NO_KEY = {};

	private static final long FIRST_CONNECTION = TimeUnit.SECONDS.toNanos(10);

	private final AtomicReference<List<String>> known = new AtomicReference<>(List.of());

	/** Says what is found out, unless it is the same as before. */
	void warn(OpenRedis redis) {
		var unused = examine(redis).thenAccept((report) -> {
			List<String> concerns = report.concerns();
			if (!concerns.isEmpty() && !concerns.equals(this.known.getAndSet(concerns))) {
				logger.warn("The Redis of idempotent operations may lose records: " + String.join("; ", concerns));
			}
		});
	}

	/**
	 * Asks and waits for the answers.
	 * @throws IdempotencyStoreException if there is none within the time
	 */
	static StoreReport examine(RedisLink link, long timeoutNanos) {
		return await(link.get(NO_KEY, System.nanoTime() + timeoutNanos), timeoutNanos);
	}

	private static StoreReport await(OpenRedis redis, long timeoutNanos) {
		try {
			return examine(redis).toCompletableFuture().get(timeoutNanos, TimeUnit.NANOSECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IdempotencyStoreException("Interrupted while waiting for Redis", ex);
		}
		catch (ExecutionException | TimeoutException ex) {
			throw new IdempotencyStoreException("Redis does not answer", ex);
		}
	}

	/**
	 * Throws if there is something to be said. A server that does not answer is none that
	 * is known to lose anything.
	 */
	static void require(RedisLink link, long timeoutNanos) {
		StoreReport report;
		try {
			// nobody is being served yet, so there is time for a first connection
			OpenRedis redis = link.first(System.nanoTime() + FIRST_CONNECTION);
			report = (redis != null) ? await(redis, timeoutNanos) : examine(link, timeoutNanos);
		}
		catch (IdempotencyStoreException ex) {
			logger.warn("The Redis of idempotent operations does not answer, so nothing is known of its settings", ex);
			return;
		}
		List<String> concerns = report.concerns();
		if (!concerns.isEmpty()) {
			throw new InvalidIdempotencyConfigurationException(
					"The Redis of idempotent operations may lose records: " + String.join("; ", concerns) + ".",
					ACTION);
		}
	}

	/** All that is to be said of the servers, nothing if nothing is known. */
	private static CompletionStage<StoreReport> examine(OpenRedis redis) {
		List<CompletableFuture<StoreReport>> answers = redis.servers()
			.map((server) -> server.thenCompose((connection) -> report(connection.async()))
				.exceptionallyCompose(ServerExamination::forbidden))
			.toList();
		return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
			.thenApply((done) -> together(answers.stream().map(CompletableFuture::join).toList()));
	}

	/** Each thing once, whichever server it is said of. */
	private static StoreReport together(List<StoreReport> reports) {
		TreeMap<String, TreeSet<String>> facts = new TreeMap<>();
		TreeSet<String> concerns = new TreeSet<>();
		reports.forEach((report) -> {
			report.facts().forEach((name, value) -> facts.computeIfAbsent(name, (first) -> new TreeSet<>()).add(value));
			concerns.addAll(report.concerns());
		});
		Map<String, String> joined = new TreeMap<>();
		facts.forEach((name, values) -> joined.put(name, String.join(", ", values)));
		return new StoreReport(joined, List.copyOf(concerns));
	}

	/** A server that answers and does not let itself be asked is no concern. */
	private static CompletionStage<StoreReport> forbidden(Throwable failure) {
		Throwable cause = (failure instanceof CompletionException) ? failure.getCause() : failure;
		return (cause instanceof RedisCommandExecutionException) ? CompletableFuture.completedStage(StoreReport.NOTHING)
				: CompletableFuture.failedStage(failure);
	}

	private static CompletionStage<StoreReport> report(RedisAsyncCommands<byte[], byte[]> commands) {
		CompletionStage<@Nullable String> save = commands.configGet("save")
			.thenApply((settings) -> settings.get("save"))
			.exceptionally((forbidden) -> null);
		return commands.info().thenCombine(save, (info, saved) -> {
			ServerFacts facts = ServerFacts.of(info, saved);
			return new StoreReport(facts.worthKnowing(), facts.concerns());
		});
	}

}
