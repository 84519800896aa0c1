package io.idempotency.benchmarks.http;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

import io.idempotency.benchmarks.http.Slice.Series;

/** Runs loads against an application and takes what they cost. */
final class Meter {

	private static final int REPLAYED = 1_000;

	private final ApplicationProcess application;

	private final RedisConsole redis;

	private final Keys keys;

	Meter(ApplicationProcess application, RedisConsole redis) {
		this(application, redis, REPLAYED);
	}

	/** As above, with another number of keys that are replayed. */
	Meter(ApplicationProcess application, RedisConsole redis, int replayed) {
		this.application = application;
		this.redis = redis;
		this.keys = new Keys(replayed);
	}

	/** A closed loop, from an empty Redis. */
	Slice closed(Series series, Subject subject, int round, double seconds) throws IOException, InterruptedException {
		prepare(subject.call());
		return further(series, subject, round, seconds);
	}

	/** A closed loop on what is there. */
	Slice further(Series series, Subject subject, int round, double seconds) throws IOException, InterruptedException {
		try (ClosedLoad load = closed(subject.call(), series.connections())) {
			return measure(series, subject, round, () -> load.run(seconds));
		}
	}

	/** A constant rate, from an empty Redis. */
	Slice paced(Series series, Subject subject, int round, double seconds, double rate)
			throws IOException, InterruptedException {
		prepare(subject.call());
		try (PacedLoad load = new PacedLoad(this.application.port(), series.connections(), subject.call(), this.keys)) {
			return measure(series, subject, round, () -> load.run(seconds, rate));
		}
	}

	/** How much memory one record takes. */
	Slice memory(Series series, Subject subject, int round, long records) throws IOException {
		this.redis.command("FLUSHALL");
		try (ClosedLoad load = closed(subject.call(), series.connections())) {
			long before = usedMemory();
			load.run(records);
			return new Slice(series, subject.name(), round,
					Map.of(Metric.BYTES, (usedMemory() - before) / (double) records), Map.of());
		}
	}

	private long usedMemory() throws IOException {
		return Long.parseLong(this.redis.info("memory").getOrDefault("used_memory", "0"));
	}

	/** How many commands a request sends, those that scripts run not counted. */
	Slice commands(Series series, Subject subject, int round, long requests) throws IOException {
		prepare(subject.call());
		try (ClosedLoad load = closed(subject.call(), series.connections());
				RedisMonitor monitor = new RedisMonitor(this.redis)) {
			load.run(requests);
			return new Slice(series, subject.name(), round, Map.of(Metric.COMMANDS, monitor.sent() / (double) requests),
					Map.of());
		}
	}

	private ClosedLoad closed(Call call, int connections) throws IOException {
		return new ClosedLoad(this.application.port(), connections, call, this.keys);
	}

	private void prepare(Call call) throws IOException {
		this.redis.command("FLUSHALL");
		if (call.kind() == Kind.REPLAY) {
			seed(call, 1);
		}
	}

	/** Uses the keys that are replayed for the first time. */
	void seed(Call call, int connections) throws IOException {
		try (ClosedLoad seeding = closed(call.seeding(), connections)) {
			seeding.run((long) this.keys.replays());
		}
	}

	/**
	 * As above, and replays so many that any two meters have sent as many requests: or
	 * the application of one of them is compiled better.
	 */
	void seed(Call call, int connections, long requests) throws IOException {
		seed(call, connections);
		try (ClosedLoad replaying = closed(call, connections)) {
			replaying.run(requests - this.keys.replays());
		}
	}

	private Slice measure(Series series, Subject subject, int round, Loading loading)
			throws IOException, InterruptedException {
		RedisUsage redisBefore = RedisUsage.of(this.redis);
		long allocatedBefore = this.application.allocated();
		CpuTimes before = CpuTimes.now(this.application);
		Load load = loading.run();
		CpuTimes cpu = CpuTimes.now(this.application).since(before);
		long allocated = this.application.allocated() - allocatedBefore;
		RedisUsage used = RedisUsage.of(this.redis).since(redisBefore);
		double requests = load.requests();
		Map<Metric, Double> values = new EnumMap<>(Metric.class);
		values.put(Metric.REQUESTS, requests);
		values.put(Metric.THROUGHPUT, requests / load.seconds());
		values.put(Metric.P50, load.micros(50));
		values.put(Metric.P99, load.micros(99));
		values.put(Metric.P999, load.micros(99.9));
		values.put(Metric.JVM_CPU, cpu.application() / requests);
		values.put(Metric.ALLOCATED, allocated / requests);
		values.put(Metric.REDIS_CPU, used.cpuMicros() / requests);
		values.put(Metric.CLIENT_CPU, cpu.client() / requests);
		values.put(Metric.OTHERS_CPU, cpu.others(used.cpuMicros()));
		Map<String, Double> commands = new TreeMap<>();
		used.commands().forEach((name, calls) -> commands.put(name, calls / requests));
		return new Slice(series, subject.name(), round, values, commands);
	}

	/** A load that runs to its end. */
	private interface Loading {

		Load run() throws IOException, InterruptedException;

	}

}
