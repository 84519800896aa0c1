package io.idempotency.store.jdbc;

import org.junit.jupiter.api.Tag;

/** MySQL. Runs where -Dmysql.server names a server. */
@Tag("mysql")
class MySqlIdempotencyStoreIT extends ServerStoreContract {

	@Override
	TestDatabase startDatabase() {
		return MySqlFamilyDatabase.mysql();
	}

}
