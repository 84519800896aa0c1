package io.idempotency.store.jdbc;

import java.time.Duration;

import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.RealTimeStoreModelProperties;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Tag;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** MySQL against the model. */
@PropertyDefaults(tries = 60)
@Tag("mysql")
class MySqlStoreModelIT extends RealTimeStoreModelProperties {

	private static TestDatabase database;

	private static JdbcIdempotencyStore store;

	@BeforeContainer
	static void start() {
		database = MySqlFamilyDatabase.mysql().withTable();
		store = TestDatabase.store(database.pool(), Duration.ofSeconds(5));
	}

	@AfterContainer
	static void stop() {
		database.close();
	}

	@Override
	protected IdempotencyStore store() {
		return store;
	}

}
