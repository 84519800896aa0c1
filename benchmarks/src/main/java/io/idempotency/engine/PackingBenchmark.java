package io.idempotency.engine;

import java.util.concurrent.TimeUnit;
import java.util.zip.DataFormatException;

import io.idempotency.web.SampleResponse;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What the default compression costs a response of ten kilobytes. Stands in this package
 * because payloads are packed by a package-private class.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PackingBenchmark {

	private final PayloadPacking packing = new PayloadPacking(4096);

	private final byte[] payload = SampleResponse.stored(10_240).payload();

	private final byte[] packed = this.packing.pack(this.payload);

	@Benchmark
	public byte[] pack() {
		return this.packing.pack(this.payload);
	}

	@Benchmark
	public byte[] unpack() throws DataFormatException {
		return this.packing.unpack(this.packed);
	}

}
