package io.idempotency.web;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * Who calls, and with which key. Stands in this package because both are found by
 * package-private classes.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CallerBenchmark {

	private static final String KEY = "0f8fad5b-d9cb-469f-a165-70867728950e";

	private static final String OPERATION = "POST /payments";

	private final HttpSettings settings = new HttpSettings("Idempotency-Key", "Idempotent-Replayed", 255, 1 << 20,
			1 << 20, null, Duration.ofSeconds(1), false, null, Set.of(), StatusPolicy.unstored(List.of("5xx")));

	private final RequestResolvers resolvers = new RequestResolvers(new TreeMap<>(), null);

	private final FixedRequest bare = new FixedRequest(KEY, new byte[0]);

	private final FixedRequest quoted = new FixedRequest('"' + KEY + '"', new byte[0]);

	@Benchmark
	public @Nullable String bareKey() {
		return KeyHeader.read(this.bare, this.settings, OPERATION);
	}

	@Benchmark
	public @Nullable String quotedKey() {
		return KeyHeader.read(this.quoted, this.settings, OPERATION);
	}

	@Benchmark
	public String scope() {
		return this.resolvers.scope(this.bare);
	}

}
