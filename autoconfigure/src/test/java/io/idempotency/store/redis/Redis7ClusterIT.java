package io.idempotency.store.redis;

import io.idempotency.testsupport.RedisProcess;
import org.junit.jupiter.api.Tag;

/** Redis 7 as a Cluster. Runs where there is such a server: .ci/run. */
@Tag("redis7")
class Redis7ClusterIT extends RedisClusterIT {

	@Override
	RedisProcess startRedis(String... settings) {
		return RedisProcess.redis7(settings);
	}

}
