package io.idempotency.store.redis;

import java.util.Map;

import io.idempotency.testsupport.RedisProcess;

/** Redis 6.2: a claim that finds a record takes a second command. */
class Redis62IdempotencyStoreIT extends RedisStoreContract {

	@Override
	RedisProcess startRedis() {
		return RedisProcess.redis62();
	}

	@Override
	Map<String, Long> secondStepOfALostClaim() {
		return Map.of("getex", 1L);
	}

}
