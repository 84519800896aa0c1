package io.idempotency.store.jdbc;

/** PostgreSQL. */
class PostgresMarksIT extends JdbcMarksContract {

	@Override
	TestDatabase startDatabase() {
		return new PostgresDatabase();
	}

}
