package io.idempotency.store.jdbc;

/** H2, in the memory of the test. */
class H2TransactionalStoreTests extends TransactionalStoreContract {

	@Override
	TestDatabase startDatabase() {
		return new H2Database();
	}

	@Override
	String lockTimeoutQuery() {
		return "SELECT LOCK_TIMEOUT()";
	}

}
