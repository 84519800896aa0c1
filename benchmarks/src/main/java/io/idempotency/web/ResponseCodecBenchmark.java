package io.idempotency.web;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

import io.idempotency.StoredResult;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Responses as bytes and back. Stands in this package because the codec is
 * package-private.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ResponseCodecBenchmark {

	/** Bytes of the body. */
	@Param({ "105", "10240" })
	int size = 105;

	private StoredResponse response = SampleResponse.ofSize(this.size);

	private StoredResult stored = ResponseCodec.write(this.response);

	@Setup
	public void write() {
		this.response = SampleResponse.ofSize(this.size);
		this.stored = ResponseCodec.write(this.response);
	}

	@Benchmark
	public StoredResult encode() {
		return ResponseCodec.write(this.response);
	}

	@Benchmark
	public Object decode() throws IOException {
		return ResponseCodec.read(this.stored);
	}

}
