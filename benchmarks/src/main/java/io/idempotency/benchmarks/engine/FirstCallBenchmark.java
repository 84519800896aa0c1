package io.idempotency.benchmarks.engine;

import java.util.concurrent.TimeUnit;

import io.idempotency.StoredResult;
import io.idempotency.engine.Attempt;
import io.idempotency.engine.Execution;
import io.idempotency.engine.IdempotentCall;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A call with a key that nobody used before, from the door's question to its settlement.
 * Its result is made beforehand, so what is allocated is the library's own.
 * <p>
 * A store of a busy application has as many records that expire as it gets new ones. So
 * that this is so here, and the heap does not fill, the store's clock runs fast: its day
 * lasts fifty milliseconds. Each record goes the way through the store's timers that it
 * goes in a day of ordinary length.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FirstCallBenchmark {

	private static final StoredResult RESULT = StoredResult.of(new byte[105]);

	/** The engine of all threads. */
	@State(Scope.Benchmark)
	public static class FastDays {

		private static final long DAYS_PER_SECOND = 20;

		/** What counts: {@code simple} with the Actuator, {@code none} without it. */
		@Param({ "simple", "none" })
		String meters = "simple";

		private MemoryEngine engine = make();

		private MemoryEngine make() {
			long start = System.nanoTime();
			long factor = DAYS_PER_SECOND * MemoryEngine.TTL.toSeconds();
			return new MemoryEngine(() -> (System.nanoTime() - start) * factor, this.meters);
		}

		@Setup
		public void open() {
			this.engine.close();
			this.engine = make();
		}

		@TearDown
		public void close() {
			this.engine.close();
		}

	}

	/** An engine, and a store, for each thread. */
	@State(Scope.Thread)
	public static class OwnFastDays extends FastDays {

	}

	/** Come round again when their records have expired long since. */
	@State(Scope.Thread)
	public static class Keys {

		private final CallerKeys keys = new CallerKeys(1 << 19);

	}

	@Benchmark
	public Execution firstCall(FastDays days, Keys keys) {
		return call(days, keys);
	}

	/**
	 * The same where threads share nothing: how much more two of them can do on this
	 * machine.
	 */
	@Benchmark
	public Execution firstCallApart(OwnFastDays days, Keys keys) {
		return call(days, keys);
	}

	private static Execution call(FastDays days, Keys keys) {
		IdempotentCall call = new IdempotentCall(MemoryEngine.OPERATION, MemoryEngine.SCOPE, keys.keys.next(),
				MemoryEngine.FINGERPRINT);
		Attempt attempt = days.engine.engine().begin(call);
		Execution execution = (Execution) attempt;
		execution.complete(RESULT);
		return execution;
	}

}
