package io.idempotency.store.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;

import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.init.ScriptUtils;

/**
 * A database of a test and pools of connections to it. The table is made by the library's
 * own script.
 */
abstract class TestDatabase implements AutoCloseable {

	private final List<HikariDataSource> pools = new ArrayList<>();

	private final String vendor;

	TestDatabase(String vendor) {
		this.vendor = vendor;
	}

	abstract String url();

	abstract String user();

	abstract String password();

	/** Lets the server take connections but no longer answer. */
	void freeze() {
		throw new UnsupportedOperationException(this.vendor + " does not freeze");
	}

	void thaw() {
	}

	/** A pool of the size that Spring Boot has by default. */
	HikariDataSource pool() {
		return pool(10, new Properties());
	}

	/** A pool with settings of its own, by the names of Hikari's properties. */
	final HikariDataSource pool(int size, Properties settings) {
		HikariConfig config = new HikariConfig(settings);
		config.setJdbcUrl(url());
		config.setUsername(user());
		config.setPassword(password());
		config.setMaximumPoolSize(size);
		config.setMinimumIdle(0);
		HikariDataSource pool = new HikariDataSource(config);
		this.pools.add(pool);
		return pool;
	}

	/** All that were made so far. */
	final List<HikariDataSource> pools() {
		return this.pools;
	}

	/** Makes the table. */
	final TestDatabase withTable() {
		makeTable(pool());
		return this;
	}

	/** Makes the table where a pool finds it. */
	final void makeTable(HikariDataSource pool) {
		try (Connection connection = pool.getConnection()) {
			ScriptUtils.executeSqlScript(connection,
					new ClassPathResource("schema-" + this.vendor + ".sql", JdbcIdempotencyStore.class));
		}
		catch (SQLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** A store over a pool, which removes nothing by itself. */
	static JdbcIdempotencyStore store(HikariDataSource pool, Duration budget) {
		return new JdbcIdempotencyStore(pool, new JdbcSettings(budget, Duration.ZERO, 500, true), (count) -> {
		});
	}

	static JdbcTemplate sql(HikariDataSource pool) {
		return new JdbcTemplate(pool);
	}

	@Override
	public void close() {
		this.pools.forEach(HikariDataSource::close);
	}

}
