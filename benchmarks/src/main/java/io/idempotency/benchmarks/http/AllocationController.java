package io.idempotency.benchmarks.http;

import java.lang.management.ManagementFactory;
import java.util.stream.LongStream;

import com.sun.management.ThreadMXBean;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Says how many bytes the threads of the application have allocated so far. */
@RestController
class AllocationController {

	static final String PATH = "/allocated";

	private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	/** Of those that live; a thread that has ended meanwhile counts as -1. */
	@GetMapping(PATH)
	long allocated() {
		return LongStream.of(this.threads.getThreadAllocatedBytes(this.threads.getAllThreadIds()))
			.filter((bytes) -> bytes > 0)
			.sum();
	}

}
