package io.idempotency.testsupport;

import java.lang.management.ManagementFactory;

import com.sun.management.ThreadMXBean;

/** How much memory this thread takes for something, whatever is freed meanwhile. */
public final class Allocation {

	private static final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private Allocation() {
	}

	public static long of(Runnable action) {
		long before = ofThread();
		action.run();
		return ofThread() - before;
	}

	/** What this thread has taken since it started. */
	public static long ofThread() {
		return threads.getCurrentThreadAllocatedBytes();
	}

}
