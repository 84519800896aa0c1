package io.idempotency.store.jdbc;

import org.junit.jupiter.api.Tag;

/** MariaDB over the driver of MySQL. Runs where there is such a server: .ci/run. */
@Tag("mariadb")
class MariaDbAsMySqlMarksIT extends JdbcMarksContract {

	@Override
	TestDatabase startDatabase() {
		return MySqlFamilyDatabase.mariadbAsMysql();
	}

	@Override
	boolean locksRowsThatStay() {
		return true;
	}

}
