package io.idempotency.web;

import java.util.Map;

import io.idempotency.testsupport.RedisProcess;
import org.junit.jupiter.api.Tag;

/** On Redis 7: two and one. Runs where there is such a server: .ci/run. */
@Tag("redis7")
class Redis7HttpCommandCountIT extends HttpCommandCount {

	@Override
	RedisProcess startRedis() {
		return RedisProcess.redis7();
	}

	@Override
	Map<String, Long> replay() {
		return Map.of("set", 1L);
	}

}
