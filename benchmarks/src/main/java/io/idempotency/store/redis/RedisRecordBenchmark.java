package io.idempotency.store.redis;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.idempotency.Fingerprint;
import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.OwnerToken;
import io.idempotency.store.RecordKey;
import io.idempotency.web.SampleResponse;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Keys and values of the Redis store, without a Redis. Stands in this package because
 * they are made by package-private classes.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RedisRecordBenchmark {

	private static final long NOW = 1_700_000_000_000L;

	private final RedisKeys keys = new RedisKeys("idempotency");

	private final Claim claim = new Claim(new RecordKey("POST /payments", "abcdefghijklmnopqrstuv"), OwnerToken.next(),
			new Fingerprint(1, 2), Duration.ofSeconds(30));

	@Benchmark
	public byte[] key() {
		return this.keys.of(this.claim.key());
	}

	@Benchmark
	public byte[] encodePending() {
		return RedisEnvelope.pending(this.claim, NOW);
	}

	@Benchmark
	public byte[] encodeCompleted(Response response) {
		return RedisEnvelope.completed(this.claim, response.result);
	}

	@Benchmark
	public ClaimOutcome decodeCompleted(Response response) {
		return RedisEnvelope.read(response.value, this.claim.owner());
	}

	/** What a completed value holds. */
	@State(Scope.Thread)
	public static class Response {

		/** Bytes of the body. */
		@Param({ "105", "10240" })
		int size = 105;

		private StoredResult result = StoredResult.notKept();

		private byte[] value = new byte[0];

		@Setup
		public void write(RedisRecordBenchmark benchmark) {
			this.result = SampleResponse.stored(this.size);
			this.value = RedisEnvelope.completed(benchmark.claim, this.result);
		}

	}

}
