package io.idempotency.benchmarks.engine;

import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;

import com.sun.management.OperatingSystemMXBean;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.profile.InternalProfiler;
import org.openjdk.jmh.results.AggregationPolicy;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.ScalarResult;

/**
 * The processor time of the whole process for one operation, its collector included. On a
 * machine that does other things as well it says more than the clock.
 */
public final class CpuTimeProfiler implements InternalProfiler {

	static final String NAME = "cpu.time.norm";

	private final OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

	private long before;

	@Override
	public String getDescription() {
		return "Processor time per operation";
	}

	@Override
	public void beforeIteration(BenchmarkParams benchmark, IterationParams iteration) {
		this.before = this.system.getProcessCpuTime();
	}

	@Override
	public Collection<? extends Result<?>> afterIteration(BenchmarkParams benchmark, IterationParams iteration,
			IterationResult result) {
		long taken = this.system.getProcessCpuTime() - this.before;
		double operations = Math.max(1, result.getMetadata().getAllOps());
		return List.of(new ScalarResult(NAME, taken / operations, "ns/op", AggregationPolicy.AVG));
	}

}
