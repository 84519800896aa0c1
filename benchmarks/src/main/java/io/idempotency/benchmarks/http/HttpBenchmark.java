package io.idempotency.benchmarks.http;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;

/**
 * Measures protected requests against plain ones and against a minimal filter, each from
 * outside: the application, its Redis and the load are processes of their own. Needs
 * Linux and a {@code redis-server} of version 7 or newer in the path, and is started in
 * the root of the repository:
 *
 * <pre>
 * mvn -pl benchmarks -am -Dsurefire.skip=true package
 * java -cp benchmarks/target/idempotency-benchmarks-0.1.0-SNAPSHOT.jar \
 *     io.idempotency.benchmarks.http.HttpBenchmark
 * </pre>
 *
 * The flags are those of {@link Options}. The report goes to the standard output and into
 * {@code http-report.md}, all single measurements into {@code http-slices.csv}, both in
 * the directory of {@code --directory}, over those of an earlier run.
 */
public final class HttpBenchmark {

	private static final Set<String> STARTER_PARTS = Set.of("first", "replay", "idle", "open", "memory");

	private HttpBenchmark() {
	}

	public static void main(String[] args) throws IOException, InterruptedException {
		Options options = Options.parse(args);
		Files.createDirectories(options.directory());
		String report = run(options);
		Files.writeString(options.directory().resolve("http-report.md"), report);
		System.out.println(report);
	}

	private static String run(Options options) throws IOException, InterruptedException {
		try (Results results = new Results(options.directory().resolve("http-slices.csv"));
				RedisProcess redis = RedisProcess.start(options);
				RedisConsole console = new RedisConsole(redis.port())) {
			if (STARTER_PARTS.stream().anyMatch(options::runs)) {
				try (ApplicationProcess application = ApplicationProcess.start("application", options, redis.port(),
						List.of())) {
					new StarterSeries(options, results, new Meter(application, console)).run();
				}
			}
			if (options.runs("without")) {
				new WithoutSeries(options, results).run(redis, console);
			}
			if (options.runs("records")) {
				new RecordsSeries(options, results).run();
			}
			new ThroughputPlot(results).write(options.directory().resolve("http-throughput.png"));
			return Environment.describe(options, console) + Report.of(results);
		}
	}

}
