package io.idempotency.store.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.time.Duration;

import javax.sql.DataSource;

import io.idempotency.store.Claim;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.testsupport.Claims;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.datasource.DelegatingDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** A database that answers the first statement of a step and not the second. */
class LostAnswerTests {

	@Test
	void recordThatIsThereAndNotShownIsNotTakenForADatabaseThatIsAway() {
		try (H2Database database = new H2Database()) {
			database.withTable();
			Claim first = Claims.fresh();
			TestDatabase.store(database.pool(), Duration.ofSeconds(5)).claim(first);
			JdbcIdempotencyStore store = new JdbcIdempotencyStore(new SilentDataSource(database.pool()),
					new JdbcSettings(Duration.ofSeconds(5), Duration.ZERO, 500, false), (count) -> {
					});
			assertThatExceptionOfType(IdempotencyStoreException.class)
				.isThrownBy(() -> store.claim(Claims.again(first)))
				.matches(IdempotencyStoreException::isAnswered, "so that the method does not run unprotected")
				.matches(IdempotencyStoreException::isUndecided);
			Claim other = Claims.fresh();
			assertThat(store.claim(other)).isNotNull();
		}
	}

	/** Its connections break at each query. */
	private static final class SilentDataSource extends DelegatingDataSource {

		SilentDataSource(DataSource dataSource) {
			super(dataSource);
		}

		@Override
		public Connection getConnection() throws SQLException {
			Connection connection = super.getConnection();
			return (Connection) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Connection.class },
					(proxy, method, arguments) -> {
						if (method.getName().equals("prepareStatement")
								&& arguments[0].toString().startsWith("SELECT")) {
							throw new SQLRecoverableException("The connection broke", "08006");
						}
						try {
							return method.invoke(connection, arguments);
						}
						catch (InvocationTargetException ex) {
							throw ex.getCause();
						}
					});
		}

	}

}
