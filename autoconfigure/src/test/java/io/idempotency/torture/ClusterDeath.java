package io.idempotency.torture;

import io.idempotency.testsupport.RedisCluster;

/** A primary dies with what its replica did not have yet. */
final class ClusterDeath extends ClusterStrike {

	private final boolean needsReplica;

	/**
	 * @param needsReplica whether applications are cut off until there is a replica again
	 */
	ClusterDeath(boolean needsReplica) {
		this.needsReplica = needsReplica;
	}

	@Override
	void hit(World world, RedisCluster servers, int turn) {
		int primary = (turn % 2 == 0) ? 0 : 3;
		int replica = 3 - primary;
		world.away(() -> {
			servers.kill(primary);
			servers.awaitTakeover(replica);
			if (this.needsReplica) {
				servers.restart(primary);
			}
		});
		if (!this.needsReplica) {
			servers.restart(primary);
		}
	}

}
