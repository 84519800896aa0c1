package io.idempotency.store.jdbc;

import org.junit.jupiter.api.Tag;

/** MariaDB over its own driver. Runs where there is such a server: .ci/run. */
@Tag("mariadb")
class MariaDbTransactionalStoreIT extends TransactionalStoreContract {

	@Override
	TestDatabase startDatabase() {
		return MySqlFamilyDatabase.mariadb();
	}

	@Override
	String lockTimeoutQuery() {
		return "SELECT @@SESSION.innodb_lock_wait_timeout";
	}

}
