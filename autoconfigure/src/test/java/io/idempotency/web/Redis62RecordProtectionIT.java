package io.idempotency.web;

import io.idempotency.testsupport.RedisProcess;

/** Redis 6.2, which reads a record in a second command. */
class Redis62RecordProtectionIT extends RecordProtection {

	@Override
	RedisProcess startRedis(String... settings) {
		return RedisProcess.redis62(settings);
	}

}
