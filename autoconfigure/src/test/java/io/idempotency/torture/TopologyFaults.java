package io.idempotency.torture;

import java.util.List;

/** What happens to more than one server of Redis. */
final class TopologyFaults {

	private static final String[] MIN_REPLICAS = { "idempotency.redis.min-replicas=1",
			"idempotency.redis.replica-timeout=100ms" };

	private TopologyFaults() {
	}

	static List<Fault> all() {
		return List.of(
				Fault.of("asynchronous failover, the replica 300 ms behind", new AsynchronousFailover())
					.with(Claims.FORGOTTEN),
				Fault.of("asynchronous failover, min-replicas: 1", new AsynchronousFailover())
					.with(Claims.FORGOTTEN)
					.inApplication(MIN_REPLICAS),
				Fault.of("Sentinel: primary killed", new SentinelFailover(false)).with(Claims.FORGOTTEN),
				Fault.of("Sentinel: primary killed, min-replicas: 1", new SentinelFailover(true))
					.with(Claims.FORGOTTEN)
					.inApplication(MIN_REPLICAS),
				Fault.of("Cluster: slots move", new ClusterResharding()),
				Fault.of("Cluster: replica takes over by agreement", new ClusterFailover()),
				Fault.of("Cluster: primary killed", new ClusterDeath(false)).with(Claims.FORGOTTEN),
				Fault.of("Cluster: primary killed, min-replicas: 1", new ClusterDeath(true))
					.with(Claims.FORGOTTEN)
					.inApplication(MIN_REPLICAS));
	}

}
