package io.idempotency.store.jdbc;

import java.time.Duration;

import org.junit.jupiter.api.Tag;

/** MySQL. Runs where there is such a server. */
@Tag("mysql")
class MySqlTransactionalStoreIT extends TransactionalStoreContract {

	@Override
	TestDatabase startDatabase() {
		return MySqlFamilyDatabase.mysql();
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
