package io.idempotency.torture;

import io.idempotency.testsupport.RedisCluster;

/** Slots move from one primary to another, and back. */
final class ClusterResharding extends ClusterStrike {

	private static final int SLOTS = 300;

	@Override
	void hit(World world, RedisCluster servers, boolean back) {
		servers.moveSlots(back ? 1 : 0, back ? 0 : 1, SLOTS, (slot) -> {
		});
	}

}
