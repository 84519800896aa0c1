package io.idempotency.torture;

import io.idempotency.testsupport.RedisCluster;

/** Slots move from one primary to another, and back. */
final class ClusterResharding extends ClusterStrike {

	private static final int SLOTS = 300;

	@Override
	void hit(World world, RedisCluster servers, int turn) {
		servers.moveSlots(turn % 2, 1 - turn % 2, SLOTS, (slot) -> {
		});
	}

}
