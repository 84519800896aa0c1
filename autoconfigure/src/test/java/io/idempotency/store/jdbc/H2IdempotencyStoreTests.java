package io.idempotency.store.jdbc;

/** H2, in the memory of the test. */
class H2IdempotencyStoreTests extends JdbcStoreContract {

	@Override
	TestDatabase startDatabase() {
		return new H2Database();
	}

}
