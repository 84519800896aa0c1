package io.idempotency.torture;

import java.time.Duration;

import io.idempotency.testsupport.RedisCluster;

import static org.awaitility.Awaitility.await;

/** A replica takes over from a primary that waits for it, so nothing is lost. */
final class ClusterFailover extends ClusterStrike {

	@Override
	void hit(World world, RedisCluster servers, boolean back) {
		int replica = back ? 0 : 3;
		String reply = servers.server(replica).send("CLUSTER FAILOVER");
		if (!reply.startsWith("+OK")) {
			throw new IllegalStateException("The replica does not take over: " + reply);
		}
		await().atMost(Duration.ofSeconds(20)).ignoreExceptions().until(() -> servers.isInCharge(replica));
	}

}
