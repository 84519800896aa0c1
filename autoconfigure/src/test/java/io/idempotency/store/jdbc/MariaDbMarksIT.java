package io.idempotency.store.jdbc;

import org.junit.jupiter.api.Tag;

/** MariaDB over its own driver. Runs where there is such a server: .ci/run. */
@Tag("mariadb")
class MariaDbMarksIT extends JdbcMarksContract {

	@Override
	TestDatabase startDatabase() {
		return MySqlFamilyDatabase.mariadb();
	}

	@Override
	boolean locksRowsThatStay() {
		return true;
	}

}
