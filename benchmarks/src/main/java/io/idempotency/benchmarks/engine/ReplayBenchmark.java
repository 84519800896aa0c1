package io.idempotency.benchmarks.engine;

import java.util.concurrent.TimeUnit;

import com.github.benmanes.caffeine.cache.Ticker;
import io.idempotency.StoredResult;
import io.idempotency.engine.Execution;
import io.idempotency.engine.IdempotentCall;
import io.idempotency.engine.Replay;
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
 * A call with the key of a call that was completed before, one of a thousand, from the
 * door's question to the stored bytes.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ReplayBenchmark {

	/** The engine of all threads. */
	@State(Scope.Benchmark)
	public static class OrdinaryDays {

		/** What counts: {@code simple} with the Actuator, {@code none} without it. */
		@Param({ "simple", "none" })
		String meters = "simple";

		private MemoryEngine engine = make();

		private MemoryEngine make() {
			return new MemoryEngine(Ticker.systemTicker(), this.meters);
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

	/** Records that each thread has for itself. */
	@State(Scope.Thread)
	public static class Keys {

		private final CallerKeys keys = new CallerKeys(1 << 10);

		@Setup
		public void complete(OrdinaryDays days) {
			for (String key : this.keys.all()) {
				((Execution) days.engine.engine().begin(call(key))).complete(StoredResult.of(new byte[105]));
			}
		}

	}

	private static IdempotentCall call(String key) {
		return new IdempotentCall(MemoryEngine.OPERATION, MemoryEngine.SCOPE, key, MemoryEngine.FINGERPRINT);
	}

	@Benchmark
	public byte[] replay(OrdinaryDays days, Keys keys) {
		Replay replay = (Replay) days.engine.engine().begin(call(keys.keys.next()));
		return replay.read(StoredResult::payload);
	}

}
