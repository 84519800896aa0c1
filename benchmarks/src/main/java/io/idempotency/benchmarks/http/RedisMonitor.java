package io.idempotency.benchmarks.http;

import java.io.IOException;

/** Sees every command that a Redis is sent. */
final class RedisMonitor implements AutoCloseable {

	private static final String END = "end-of-benchmark";

	private final RedisConsole console;

	private final RedisConsole monitor;

	/** Begins to look. */
	RedisMonitor(RedisConsole console) throws IOException {
		this.console = console;
		this.monitor = console.another();
		this.monitor.command("MONITOR");
	}

	/** How many clients have sent so far; what scripts ran is marked as theirs. */
	long sent() throws IOException {
		this.console.command("EXISTS " + END);
		long sent = 0;
		for (String line = this.monitor.line(); !line.contains(END); line = this.monitor.line()) {
			sent += line.contains(" lua] ") ? 0 : 1;
		}
		return sent;
	}

	@Override
	public void close() throws IOException {
		this.monitor.close();
	}

}
