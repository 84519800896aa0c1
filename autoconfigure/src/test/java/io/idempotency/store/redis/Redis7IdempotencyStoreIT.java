package io.idempotency.store.redis;

import java.util.Map;

import io.idempotency.testsupport.RedisProcess;
import org.junit.jupiter.api.Tag;

/** Redis 7: every claim is one command. Runs where there is such a server: .ci/run. */
@Tag("redis7")
class Redis7IdempotencyStoreIT extends RedisStoreContract {

	@Override
	RedisProcess startRedis() {
		return RedisProcess.redis7();
	}

	@Override
	Map<String, Long> secondStepOfALostClaim() {
		return Map.of();
	}

}
