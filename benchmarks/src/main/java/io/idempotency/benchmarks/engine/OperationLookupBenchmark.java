package io.idempotency.benchmarks.engine;

import java.util.concurrent.TimeUnit;

import io.idempotency.aop.MethodOperation;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What the aspect asks for on each call: the meaning of an annotation, known already. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class OperationLookupBenchmark {

	private final AnnotatedOperations operations = new AnnotatedOperations(16);

	private int next;

	@Benchmark
	public @Nullable MethodOperation find() {
		return this.operations.find(this.next++ & 15);
	}

}
