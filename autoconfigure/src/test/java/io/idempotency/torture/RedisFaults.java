package io.idempotency.torture;

import java.util.List;
import java.util.function.Consumer;

import io.idempotency.testsupport.RedisProcess;

/** What happens to the one server of Redis. */
final class RedisFaults {

	private RedisFaults() {
	}

	static List<Fault> all() {
		return List.of(
				Fault.of("Redis killed (-9) and started again, appendfsync always", RedisFaults::kill)
					.onRedis("--appendonly", "yes", "--appendfsync", "always"),
				Fault.of("Redis frozen for less than store-timeout", (world) -> freeze(world, 300)),
				Fault.of("Redis frozen for a second", (world) -> freeze(world, 1000)),
				on("SCRIPT FLUSH every 20 ms", (redis) -> repeat(50, 20, () -> redis.send("SCRIPT FLUSH"))),
				on("CLIENT KILL every 100 ms", (redis) -> repeat(10, 100, () -> redis.send("CLIENT KILL TYPE normal"))),
				on("Redis full (maxmemory 1)",
						(redis) -> during("CONFIG SET maxmemory 1", 2000, "CONFIG SET maxmemory 0", redis)),
				on("Redis demoted to a replica, and back",
						(redis) -> during("REPLICAOF 127.0.0.1 1", 800, "REPLICAOF NO ONE", redis)),
				on("Redis busy with a script", RedisFaults::busy),
				on("FLUSHALL every second", (redis) -> redis.send("FLUSHALL")).with(Claims.FORGOTTEN));
	}

	private static Fault on(String name, Consumer<RedisProcess> what) {
		return Fault.of(name, (world) -> what.accept(world.redis()));
	}

	private static void kill(World world) {
		world.redis().stop();
		Threads.pause(300);
		world.redis().start();
	}

	private static void freeze(World world, long millis) {
		world.redis().freeze();
		Threads.pause(millis);
		world.redis().thaw();
	}

	private static void repeat(int times, long millis, Runnable what) {
		for (int i = 0; i < times; i++) {
			what.run();
			Threads.pause(millis);
		}
	}

	private static void during(String begin, long millis, String end, RedisProcess redis) {
		redis.send(begin);
		Threads.pause(millis);
		redis.send(end);
	}

	private static void busy(RedisProcess redis) {
		redis.send("CONFIG SET lua-time-limit 50");
		Thread script = Threads.start("script", () -> redis.send("EVAL \"while true do end\" 0"));
		Threads.pause(800);
		redis.send("SCRIPT KILL");
		try {
			script.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
