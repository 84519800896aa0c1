package io.idempotency.benchmarks.http;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import static java.util.Map.entry;

/**
 * What the command line says, as in {@code --rounds=3 --only=first,replay}. With
 * {@code --virtual} the application serves requests on virtual threads, if its Java has
 * them.
 *
 * @param rounds how often everything is measured
 * @param seconds how long one slice lasts
 * @param warmup seconds of warm-up for each target and kind
 * @param connections how many connections, one number for each series of {@code first},
 * {@code replay} and {@code without}; {@code open} takes the most of them
 * @param forks how many pairs of applications are compared: with the starter and with it
 * switched off, with few records and with many
 * @param openShare the constant rate, as a share of what the floor can do at most
 * @param only the parts that are run, of {@code first}, {@code replay}, {@code idle},
 * {@code open}, {@code memory}, {@code without} and {@code records}
 * @param targets the endpoints that are called, of {@code plain}, {@code floor},
 * {@code shared}, {@code inside}, {@code least} and {@code protected}; a bound is left
 * out if what it compares was not called
 * @param directory where files are written
 * @param appJava the java command of the application
 * @param appJvmArgs further arguments of its JVM
 * @param appArgs further properties of the application
 */
record Options(int rounds, double seconds, double warmup, List<Integer> connections, int forks, double openShare,
		Set<String> only, Set<String> targets, Path directory, String appJava, List<String> appJvmArgs,
		List<String> appArgs) {

	private static final Map<String, String> DEFAULTS = Map.ofEntries(entry("rounds", "5"), entry("seconds", "4"),
			entry("warmup", "10"), entry("connections", "16,128"), entry("forks", "3"), entry("open-share", "0.5"),
			entry("only", "first,replay,idle,open,memory,without,records"), entry("targets", "plain,floor,protected"),
			entry("directory", "benchmarks/target"), entry("app-java", ""), entry("app-jvm-args", ""),
			entry("app-args", ""), entry("virtual", "false"));

	static Options parse(String[] args) {
		Map<String, String> flags = new TreeMap<>(DEFAULTS);
		flags.put("app-java", Path.of(System.getProperty("java.home"), "bin", "java").toString());
		for (String arg : args) {
			String[] parts = arg.split("=", 2);
			String name = parts[0].startsWith("--") ? parts[0].substring(2) : "";
			if (!flags.containsKey(name)) {
				throw new IllegalArgumentException(arg + " is none of " + flags.keySet());
			}
			flags.put(name, (parts.length == 2) ? parts[1] : "true");
		}
		requireKnown(value(flags, "only"), split(value(DEFAULTS, "only"), ","));
		requireKnown(value(flags, "targets"), Target.COMPARED.stream().map(Target::label).toList());
		List<String> appArgs = new ArrayList<>(split(value(flags, "app-args"), " "));
		if (Boolean.parseBoolean(value(flags, "virtual"))) {
			appArgs.add("--spring.threads.virtual.enabled=true");
		}
		return new Options(Integer.parseInt(value(flags, "rounds")), Double.parseDouble(value(flags, "seconds")),
				Double.parseDouble(value(flags, "warmup")),
				split(value(flags, "connections"), ",").stream().map(Integer::valueOf).toList(),
				Integer.parseInt(value(flags, "forks")), Double.parseDouble(value(flags, "open-share")),
				Set.copyOf(split(value(flags, "only"), ",")), Set.copyOf(split(value(flags, "targets"), ",")),
				Path.of(value(flags, "directory")), value(flags, "app-java"), split(value(flags, "app-jvm-args"), " "),
				appArgs);
	}

	private static void requireKnown(String chosen, List<String> known) {
		for (String one : split(chosen, ",")) {
			if (!known.contains(one)) {
				throw new IllegalArgumentException(one + " is none of " + known);
			}
		}
	}

	private static String value(Map<String, String> flags, String name) {
		return flags.getOrDefault(name, "");
	}

	private static List<String> split(String value, String separator) {
		return Arrays.stream(value.split(separator, -1)).filter((part) -> !part.isBlank()).toList();
	}

	/** The same with more for the application's JVM, which may replace what it has. */
	Options withAppJvmArgs(String... more) {
		List<String> jvmArgs = new ArrayList<>(this.appJvmArgs);
		jvmArgs.addAll(Arrays.asList(more));
		return new Options(this.rounds, this.seconds, this.warmup, this.connections, this.forks, this.openShare,
				this.only, this.targets, this.directory, this.appJava, jvmArgs, this.appArgs);
	}

	boolean runs(String part) {
		return this.only.contains(part);
	}

	int mostConnections() {
		return this.connections.stream().mapToInt(Integer::intValue).max().orElse(16);
	}

}
