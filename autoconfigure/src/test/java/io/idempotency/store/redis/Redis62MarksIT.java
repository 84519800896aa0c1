package io.idempotency.store.redis;

import io.idempotency.testsupport.RedisProcess;

/** Redis 6.2. */
class Redis62MarksIT extends RedisMarksContract {

	@Override
	RedisProcess startRedis() {
		return RedisProcess.redis62();
	}

}
