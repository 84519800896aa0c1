package io.idempotency.store.jdbc;

import io.idempotency.autoconfigure.JdbcIdempotencyStoreAutoConfiguration;
import io.idempotency.autoconfigure.JdbcTransactionalIdempotencyStoreAutoConfiguration;
import io.idempotency.autoconfigure.RedisIdempotencyStoreAutoConfiguration;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** What {@link CrashApplication} has besides, each for one {@link CrashMode}. */
final class CrashStores {

	private CrashStores() {
	}

	/** Claims in transactions of handlers. */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ JdbcIdempotencyStoreAutoConfiguration.class,
			JdbcTransactionalIdempotencyStoreAutoConfiguration.class })
	@Import(CrashPointsOfTransactions.class)
	static class Transactions {

	}

	/** Leases in a table. */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(JdbcIdempotencyStoreAutoConfiguration.class)
	@Import(CrashPointsOfLeases.class)
	static class TableLeases {

	}

	/** Leases in Redis. */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ DataRedisAutoConfiguration.class, RedisIdempotencyStoreAutoConfiguration.class })
	@Import(CrashPointsOfLeases.class)
	static class RedisLeases {

	}

}
