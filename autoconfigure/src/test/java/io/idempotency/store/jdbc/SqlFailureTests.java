package io.idempotency.store.jdbc;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What the errors of drivers are taken for. */
class SqlFailureTests {

	@ParameterizedTest
	@CsvSource({ "40001,0,true", "40P01,0,true", "90131,90131,true", "40001,1213,true", "HY000,1020,true",
			"HY000,1205,false", "23505,0,false", "57014,0,false", "08006,0,false" })
	void stepsThatMetAreMadeAgain(String state, int code, boolean again) {
		assertThat(SqlFailure.isCollision(new SQLException("said", state, code))).isEqualTo(again);
	}

	@ParameterizedTest
	@CsvSource({ "08006,true", "08S01,true", "57P01,true", "57014,false", "42P01,false", "25006,false", "40001,false" })
	void databaseThatAnsweredIsToldFromOneThatDidNot(String state, boolean unanswered) {
		assertThat(SqlFailure.isUnanswered(new SQLException("said", state))).isEqualTo(unanswered);
	}

	@Test
	void lostConnectionsAreKnownByTheirTypeToo() {
		assertThat(SqlFailure.isUnanswered(new SQLRecoverableException("said"))).isTrue();
		assertThat(SqlFailure.isUnanswered(new SQLNonTransientConnectionException("said"))).isTrue();
		assertThat(SqlFailure.isUnanswered(new IOException("said"))).isTrue();
		assertThat(SqlFailure.isUnanswered(new SQLException("said"))).isFalse();
		assertThat(SqlFailure.isCollision(new SQLException("said"))).isFalse();
	}

	@Test
	void onlyAMissingTableIsExplained() {
		assertThat(SqlFailure.explain(new SQLException("said", "42P01"))).contains("said", "initialize-schema=always");
		assertThat(SqlFailure.explain(new SQLException("said", "42501"))).isEqualTo("The database failed: said");
	}

}
