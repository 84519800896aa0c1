package io.idempotency.torture;

import java.util.List;

import io.idempotency.testsupport.RedisCluster;

/** Something that happens to a Redis Cluster. The applications reach it directly. */
abstract class ClusterStrike implements Strike {

	private RedisCluster cluster;

	/** Which of two that take turns is next. */
	private boolean turned;

	@Override
	public List<String> furnish() {
		this.cluster = new RedisCluster((settings) -> World.startRedis(settings));
		return List.of("spring.data.redis.cluster.nodes=" + this.cluster.nodes(),
				"spring.data.redis.lettuce.cluster.refresh.adaptive=true",
				"spring.data.redis.lettuce.cluster.refresh.period=1s");
	}

	@Override
	public void hit(World world) {
		hit(world, this.cluster, this.turned);
		this.turned = !this.turned;
	}

	/** Does it, and every other time the other way round. */
	abstract void hit(World world, RedisCluster servers, boolean back);

	@Override
	public void cleanUp(World world) {
		if (this.cluster != null) {
			this.cluster.close();
		}
	}

}
