package io.idempotency.torture;

import java.time.Duration;
import java.util.List;

import io.idempotency.testsupport.RedisProcess;

import static org.awaitility.Awaitility.await;

/**
 * The primary dies before its replica has everything, and the replica takes over. Then
 * the new primary gets a new replica.
 */
final class AsynchronousFailover implements Strike {

	private static final List<String> SETTINGS = List.of("--repl-diskless-sync", "yes", "--repl-diskless-sync-delay",
			"0");

	private final LoopbackProxy replication = new LoopbackProxy(1);

	private RedisProcess replica;

	@Override
	public void prepare(World world) {
		replicate(world);
	}

	private void replicate(World world) {
		this.replication.lead(world.redis().port());
		this.replica = World.startRedis(SETTINGS);
		this.replica.send("REPLICAOF 127.0.0.1 " + this.replication.port());
		await().atMost(Duration.ofSeconds(30))
			.pollInterval(Duration.ofMillis(20))
			.until(() -> this.replica.send("INFO replication").contains("master_link_status:up"));
	}

	@Override
	public void hit(World world) {
		this.replication.weather().hold();
		Threads.pause(300);
		world.redis().stop();
		this.replication.reset();
		this.replication.weather().clear();
		this.replica.send("REPLICAOF NO ONE");
		world.lead(this.replica);
		replicate(world);
	}

	@Override
	public void cleanUp(World world) {
		if (this.replica != null) {
			this.replica.close();
		}
	}

}
