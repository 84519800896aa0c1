package io.idempotency.store.redis;

import io.idempotency.testsupport.RedisProcess;
import org.junit.jupiter.api.Tag;

/** Redis 7. Runs where there is such a server: .ci/run. */
@Tag("redis7")
class Redis7MarksIT extends RedisMarksContract {

	@Override
	RedisProcess startRedis() {
		return RedisProcess.redis7();
	}

}
