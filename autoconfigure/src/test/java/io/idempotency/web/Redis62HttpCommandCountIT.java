package io.idempotency.web;

import java.util.Map;

import io.idempotency.testsupport.RedisProcess;

/** On Redis 6.2: two and two. */
class Redis62HttpCommandCountIT extends HttpCommandCount {

	@Override
	RedisProcess startRedis() {
		return RedisProcess.redis62();
	}

	@Override
	Map<String, Long> replay() {
		return Map.of("set", 1L, "getex", 1L);
	}

}
