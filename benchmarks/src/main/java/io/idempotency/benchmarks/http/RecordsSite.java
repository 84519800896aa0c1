package io.idempotency.benchmarks.http;

import java.io.IOException;
import java.util.List;

/**
 * An application with room for a million records, and a Redis that only it uses.
 */
record RecordsSite(RedisProcess redis, RedisConsole console, ApplicationProcess application,
		Meter meter) implements AutoCloseable {

	static RecordsSite start(Options options, String store, int records) throws IOException, InterruptedException {
		RedisProcess redis = RedisProcess.start(options);
		RedisConsole console = new RedisConsole(redis.port());
		ApplicationProcess application = ApplicationProcess.start(store + "-" + records,
				options.withAppJvmArgs("-Xmx2g"), redis.port(),
				List.of("--idempotency.store=" + store, "--idempotency.memory.max-size=1GB"));
		return new RecordsSite(redis, console, application, new Meter(application, console, records));
	}

	@Override
	public void close() throws IOException {
		this.application.close();
		this.console.close();
		this.redis.close();
	}

}
