package io.idempotency.engine;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.idempotency.Fingerprint;
import io.idempotency.IdempotentOperation;
import io.idempotency.InProgress;
import io.idempotency.OnStoreFailure;
import io.idempotency.Recovery;
import io.idempotency.store.RecordKey;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * The identity of a call's record. Stands in this package because nobody outside it asks
 * for one.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RecordKeyBenchmark {

	private final IdempotentCall call = new IdempotentCall(
			new IdempotentOperation("POST /payments", Duration.ofDays(1), Duration.ofSeconds(30), InProgress.REJECT,
					Duration.ofSeconds(5), Recovery.RERUN, OnStoreFailure.REJECT, true, "memory"),
			"principal:0::alice", "0f8fad5b-d9cb-469f-a165-70867728950e", new Fingerprint(1, 2));

	@Benchmark
	public RecordKey recordKey() {
		return this.call.recordKey();
	}

}
