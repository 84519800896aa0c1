package io.idempotency.torture;

import java.time.Duration;

import io.idempotency.testsupport.RedisCluster;

import static org.awaitility.Awaitility.await;

/**
 * A replica takes over from a primary that waits for it, so nothing is lost. One shard
 * after the other: a replica asks for votes every eight seconds only, and meanwhile its
 * primary would keep all writers waiting.
 */
final class ClusterFailover extends ClusterStrike {

	private static final int MEMBERS = 6;

	@Override
	void hit(World world, RedisCluster servers, int turn) {
		int replica = (turn + MEMBERS / 2) % MEMBERS;
		String reply = servers.server(replica).send("CLUSTER FAILOVER");
		if (!reply.startsWith("+OK")) {
			throw new IllegalStateException("The replica does not take over: " + reply);
		}
		await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> servers.isInCharge(replica));
	}

}
