package io.idempotency.torture;

import java.util.List;

import io.idempotency.testsupport.RedisCluster;

/** Something that happens to a Redis Cluster. The applications reach it directly. */
abstract class ClusterStrike implements Strike {

	private RedisCluster cluster;

	private int turn;

	@Override
	public List<String> furnish() {
		this.cluster = new RedisCluster((settings) -> World.startRedis(settings));
		return List.of("spring.data.redis.cluster.nodes=" + this.cluster.nodes(),
				"spring.data.redis.lettuce.cluster.refresh.adaptive=true",
				"spring.data.redis.lettuce.cluster.refresh.period=1s");
	}

	@Override
	public void hit(World world) {
		hit(world, this.cluster, this.turn++);
	}

	/**
	 * Does it.
	 * @param turn how often it was done before: the members take turns
	 */
	abstract void hit(World world, RedisCluster servers, int turn);

	@Override
	public void cleanUp(World world) {
		if (this.cluster != null) {
			this.cluster.close();
		}
	}

}
