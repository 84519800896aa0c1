package io.idempotency.store.jdbc;

import java.time.Duration;

import org.junit.jupiter.api.Tag;

/** MariaDB over the driver of MySQL. Runs where there is such a server: .ci/run. */
@Tag("mariadb")
class MariaDbAsMySqlTransactionalStoreIT extends TransactionalStoreContract {

	@Override
	TestDatabase startDatabase() {
		return MySqlFamilyDatabase.mariadbAsMysql();
	}

	@Override
	String lockTimeoutQuery() {
		return "SELECT @@SESSION.innodb_lock_wait_timeout";
	}

	@Override
	Duration longestLook() {
		return Duration.ofSeconds(3);
	}

}
