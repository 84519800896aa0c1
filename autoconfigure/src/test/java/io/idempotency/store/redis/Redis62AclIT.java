package io.idempotency.store.redis;

import io.idempotency.testsupport.RedisProcess;

/** The rights on Redis 6.2. */
class Redis62AclIT extends RedisAcl {

	@Override
	RedisProcess startRedis(String... settings) {
		return RedisProcess.redis62(settings);
	}

}
