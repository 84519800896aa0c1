package io.idempotency.store.redis;

import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.RealTimeStoreModelProperties;
import io.idempotency.testsupport.RedisProcess;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Redis 6.2 against the model. */
@PropertyDefaults(tries = 100)
class Redis62StoreModelIT extends RealTimeStoreModelProperties {

	private static ConnectedRedis redis;

	@BeforeContainer
	static void start() {
		redis = new ConnectedRedis(RedisProcess.redis62());
	}

	@AfterContainer
	static void stop() {
		redis.close();
	}

	@Override
	protected IdempotencyStore store() {
		return redis.store();
	}

}
