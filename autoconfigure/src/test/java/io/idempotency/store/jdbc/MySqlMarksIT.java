package io.idempotency.store.jdbc;

import org.junit.jupiter.api.Tag;

/** MySQL. Runs where -Dmysql.server names a server. */
@Tag("mysql")
class MySqlMarksIT extends JdbcMarksContract {

	@Override
	TestDatabase startDatabase() {
		return MySqlFamilyDatabase.mysql();
	}

	@Override
	boolean locksRowsThatStay() {
		return true;
	}

}
