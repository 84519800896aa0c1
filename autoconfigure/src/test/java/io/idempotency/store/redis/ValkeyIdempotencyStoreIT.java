package io.idempotency.store.redis;

import java.util.Map;

import io.idempotency.testsupport.RedisProcess;
import org.junit.jupiter.api.Tag;

/** Valkey, which went its own way after Redis 7.2. Runs where there is one. */
@Tag("valkey")
class ValkeyIdempotencyStoreIT extends RedisStoreContract {

	@Override
	RedisProcess startRedis() {
		return RedisProcess.valkey();
	}

	@Override
	Map<String, Long> secondStepOfALostClaim() {
		return Map.of();
	}

}
