package io.idempotency.store.redis;

import java.util.stream.Stream;

import io.idempotency.testsupport.RedisProcess;
import org.junit.jupiter.api.Tag;

/** The rights on Redis 7. Runs where there is such a server: .ci/run. */
@Tag("redis7")
class Redis7AclIT extends RedisAcl {

	@Override
	RedisProcess startRedis(String... settings) {
		return RedisProcess.redis7(settings);
	}

	/** Claims ask for what they find in one step. */
	@Override
	Stream<String> necessary() {
		return super.necessary().filter((command) -> !command.equals("getex"));
	}

}
