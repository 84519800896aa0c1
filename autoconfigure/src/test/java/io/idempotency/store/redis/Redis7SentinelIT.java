package io.idempotency.store.redis;

import io.idempotency.testsupport.RedisProcess;
import org.junit.jupiter.api.Tag;

/** Redis 7 and its Sentinels. Runs where there is such a server: .ci/run. */
@Tag("redis7")
class Redis7SentinelIT extends RedisSentinelIT {

	@Override
	RedisProcess startRedis(String... settings) {
		return RedisProcess.redis7(settings);
	}

}
