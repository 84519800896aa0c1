package io.idempotency.benchmarks.engine;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

import io.idempotency.engine.PackingBenchmark;
import io.idempotency.engine.RecordKeyBenchmark;
import io.idempotency.store.redis.RedisRecordBenchmark;
import io.idempotency.web.CallerBenchmark;
import io.idempotency.web.FingerprintBenchmark;
import io.idempotency.web.ResponseCodecBenchmark;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Measures the library alone, and prints what came out as one Markdown table. Takes the
 * options of JMH: {@code -f 3 -wi 5 -i 10} for a run to rely on, a regular expression for
 * a part, {@code -prof jfr} for a look inside. Whole calls are measured with one thread
 * and with two, unless {@code -t} says how many.
 */
public final class EngineBenchmarks {

	private static final List<Class<?>> CALLS = List.of(FirstCallBenchmark.class, ReplayBenchmark.class);

	private static final List<Class<?>> PARTS = List.of(OperationLookupBenchmark.class, CallerBenchmark.class,
			RecordKeyBenchmark.class, FingerprintBenchmark.class, RedisRecordBenchmark.class,
			ResponseCodecBenchmark.class, PackingBenchmark.class);

	private static final Path RESULTS = Path.of("benchmarks", "target", "engine-benchmarks.json");

	private final CommandLineOptions asked;

	private final Collection<RunResult> results = new ArrayList<>();

	private EngineBenchmarks(CommandLineOptions asked) {
		this.asked = asked;
	}

	public static void main(String[] arguments) throws RunnerException, CommandLineOptionException {
		CommandLineOptions asked = new CommandLineOptions(arguments);
		if (asked.shouldHelp()) {
			System.out.println("Options are those of JMH; some of them: -f forks, -wi warm-ups, -i iterations,"
					+ " -r seconds, -t threads, -prof jfr, and a regular expression for what to run");
			return;
		}
		new EngineBenchmarks(asked).run();
	}

	private void run() throws RunnerException {
		if (this.asked.getThreads().hasValue() || !this.asked.getIncludes().isEmpty()) {
			run(everything(), this.asked.getThreads().orElse(1));
		}
		else {
			run(everything(), 1);
			run(CALLS, 2);
		}
		write();
		System.out.println();
		System.out.println(new ResultTable(this.results));
		System.out.println("Written to " + resultFile());
	}

	private static List<Class<?>> everything() {
		List<Class<?>> all = new ArrayList<>(CALLS);
		all.addAll(PARTS);
		return all;
	}

	private void run(List<Class<?>> benchmarks, int threads) throws RunnerException {
		ChainedOptionsBuilder options = new OptionsBuilder().parent(this.asked)
			.threads(threads)
			.forks(this.asked.getForkCount().orElse(1))
			.warmupIterations(this.asked.getWarmupIterations().orElse(3))
			.warmupTime(this.asked.getWarmupTime().orElse(TimeValue.seconds(1)))
			.measurementIterations(this.asked.getMeasurementIterations().orElse(5))
			.measurementTime(this.asked.getMeasurementTime().orElse(TimeValue.seconds(1)))
			.addProfiler(GCProfiler.class)
			.addProfiler(CpuTimeProfiler.class)
			.jvmArgsPrepend("-Xms1g", "-Xmx1g", "-XX:+UseG1GC");
		if (this.asked.getIncludes().isEmpty()) {
			benchmarks.forEach((type) -> options.include(Pattern.quote(type.getName() + ".")));
		}
		this.results.addAll(new Runner(options.build()).run());
	}

	private void write() {
		try {
			Files.createDirectories(resultFile().toAbsolutePath().getParent());
			try (PrintStream out = new PrintStream(Files.newOutputStream(resultFile()), false,
					StandardCharsets.UTF_8)) {
				ResultFormatFactory.getInstance(ResultFormatType.JSON, out).writeOut(this.results);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** In the module's own build directory, wherever it was started from. */
	private static Path resultFile() {
		return Files.isDirectory(RESULTS.getName(0)) ? RESULTS : RESULTS.subpath(1, RESULTS.getNameCount());
	}

}
