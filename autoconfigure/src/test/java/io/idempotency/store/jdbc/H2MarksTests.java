package io.idempotency.store.jdbc;

/** H2, in the memory of the test. */
class H2MarksTests extends JdbcMarksContract {

	@Override
	TestDatabase startDatabase() {
		return new H2Database();
	}

}
