package io.idempotency.benchmarks.growth;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;

/**
 * Measures what more live records, operations, bytes and duplicates cost, and prints one
 * Markdown table and writes one picture for each, the latter to
 * {@code benchmarks/target/growth-*.png}. Arguments: {@code memory}, {@code redis},
 * {@code operations}, {@code sizes} and {@code waiters} choose, and without one of these
 * all are run; {@code --max=10000000} adds a size, {@code --rounds=400} makes it longer.
 */
public final class GrowthBenchmarks {

	private static final int DEFAULT_MAX = 1_000_000;

	private static final int MOST_WAITERS = 10_000;

	private static final int DEFAULT_ROUNDS = 200;

	private static final Pattern KNOWN = Pattern.compile("memory|redis|operations|sizes|waiters|--(max|rounds)=[0-9]+");

	private final List<String> arguments;

	private GrowthBenchmarks(String... arguments) {
		this.arguments = Arrays.asList(arguments);
	}

	public static void main(String[] arguments) throws IOException, InterruptedException {
		for (String argument : arguments) {
			if (!KNOWN.matcher(argument).matches()) {
				System.err.println(argument + " is none of " + KNOWN);
				return;
			}
		}
		// at its own default the driver says a word about each command
		LoggingSystem.get(GrowthBenchmarks.class.getClassLoader())
			.setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.WARN);
		new GrowthBenchmarks(arguments).run();
	}

	private void run() throws IOException, InterruptedException {
		int max = number("--max=", DEFAULT_MAX);
		int rounds = number("--rounds=", DEFAULT_ROUNDS);
		if (isWanted("operations")) {
			GrowthPlot plot = new GrowthPlot("Lookup of an operation", "annotated operations", "µs, median").between(0,
					0.05);
			System.out.println(new OperationGrowth(rounds).run(plot));
			write(plot, "operations");
		}
		GrowthPlot records = new GrowthPlot("Time of a call of the store by live records", "live records", "µs, median")
			.logarithmic(0.01, 1000);
		if (isWanted("memory")) {
			System.out.println(new MemoryGrowth(max, rounds).run(records));
		}
		if (isWanted("redis")) {
			System.out.println(new RedisGrowth(max, rounds / 4).run(records));
		}
		if (isWanted("sizes")) {
			GrowthPlot plot = new GrowthPlot("Time of a call of the Redis store by bytes of the response", "bytes",
					"µs, median")
				.logarithmic(10, 10_000);
			System.out.println(new SizeGrowth(rounds / 4).run(plot));
			write(plot, "sizes");
		}
		if (isWanted("waiters")) {
			GrowthPlot plot = new GrowthPlot("Last answer to duplicates that wait, after the first", "duplicates",
					"ms");
			System.out.println(new WaiterGrowth(MOST_WAITERS).run(plot));
			write(plot, "duplicates");
		}
		write(records, "records");
	}

	private static void write(GrowthPlot plot, String name) throws IOException {
		plot.write(Path.of("benchmarks", "target", "growth-" + name + ".png"));
	}

	private boolean isWanted(String part) {
		return this.arguments.contains(part)
				|| this.arguments.stream().allMatch((argument) -> argument.startsWith("--"));
	}

	private int number(String option, int defaultValue) {
		return this.arguments.stream()
			.filter((argument) -> argument.startsWith(option))
			.map((argument) -> Integer.valueOf(argument.substring(option.length())))
			.findFirst()
			.orElse(defaultValue);
	}

}
