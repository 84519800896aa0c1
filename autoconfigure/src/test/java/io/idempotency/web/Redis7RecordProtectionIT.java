package io.idempotency.web;

import io.idempotency.testsupport.RedisProcess;
import org.junit.jupiter.api.Tag;

/** Redis 7. Runs where there is such a server: .ci/run. */
@Tag("redis7")
class Redis7RecordProtectionIT extends RecordProtection {

	@Override
	RedisProcess startRedis(String... settings) {
		return RedisProcess.redis7(settings);
	}

}
