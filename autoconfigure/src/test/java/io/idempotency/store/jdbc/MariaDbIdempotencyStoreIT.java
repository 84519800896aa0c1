package io.idempotency.store.jdbc;

import org.junit.jupiter.api.Tag;

/** MariaDB over its own driver. Runs where there is such a server: .ci/run. */
@Tag("mariadb")
class MariaDbIdempotencyStoreIT extends ServerStoreContract {

	@Override
	TestDatabase startDatabase() {
		return MySqlFamilyDatabase.mariadb();
	}

}
