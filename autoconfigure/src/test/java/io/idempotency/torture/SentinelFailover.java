package io.idempotency.torture;

import java.util.List;

import io.idempotency.testsupport.RedisSentinels;

/** A primary dies with what its replica did not have yet, and Sentinels notice. */
final class SentinelFailover implements Strike {

	private final boolean needsReplica;

	private RedisSentinels sentinels;

	private int primary;

	/**
	 * @param needsReplica whether applications are cut off until there is a replica again
	 */
	SentinelFailover(boolean needsReplica) {
		this.needsReplica = needsReplica;
	}

	@Override
	public List<String> furnish() {
		this.sentinels = new RedisSentinels((settings) -> World.startRedis(settings));
		return List.of("spring.data.redis.sentinel.master=" + RedisSentinels.NAME,
				"spring.data.redis.sentinel.nodes=" + this.sentinels.nodes());
	}

	@Override
	public void hit(World world) {
		int replica = 1 - this.primary;
		world.away(() -> {
			this.sentinels.kill(this.primary);
			this.sentinels.awaitPrimary(replica);
			if (this.needsReplica) {
				restart();
			}
		});
		if (!this.needsReplica) {
			restart();
		}
		this.primary = replica;
	}

	private void restart() {
		this.sentinels.restart(this.primary);
		this.sentinels.awaitReplica(this.primary);
	}

	@Override
	public void cleanUp(World world) {
		if (this.sentinels != null) {
			this.sentinels.close();
		}
	}

}
