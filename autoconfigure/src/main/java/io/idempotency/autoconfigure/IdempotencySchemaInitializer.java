package io.idempotency.autoconfigure;

import java.util.List;

import javax.sql.DataSource;

import io.idempotency.autoconfigure.IdempotencyProperties.SchemaInitialization;
import io.idempotency.store.jdbc.JdbcIdempotencyStore;

import org.springframework.boot.jdbc.init.DataSourceScriptDatabaseInitializer;
import org.springframework.boot.jdbc.init.PlatformPlaceholderDatabaseDriverResolver;
import org.springframework.boot.sql.init.DatabaseInitializationMode;
import org.springframework.boot.sql.init.DatabaseInitializationSettings;
import org.springframework.util.ClassUtils;

/**
 * Creates the table of the JDBC store. Which script that is becomes known when the table
 * is to be created, so that a database that is away fails no start that needs no table.
 */
final class IdempotencySchemaInitializer extends DataSourceScriptDatabaseInitializer {

	private final DatabaseInitializationSettings settings;

	/**
	 * @param mode for which databases
	 */
	IdempotencySchemaInitializer(DataSource dataSource, SchemaInitialization mode) {
		this(dataSource, settings(mode));
	}

	private IdempotencySchemaInitializer(DataSource dataSource, DatabaseInitializationSettings settings) {
		super(dataSource, settings);
		this.settings = settings;
	}

	private static DatabaseInitializationSettings settings(SchemaInitialization mode) {
		DatabaseInitializationSettings settings = new DatabaseInitializationSettings();
		settings.setMode(DatabaseInitializationMode.valueOf(mode.name()));
		return settings;
	}

	@Override
	public boolean initializeDatabase() {
		DatabaseInitializationMode mode = this.settings.getMode();
		if (mode == DatabaseInitializationMode.NEVER
				|| (mode == DatabaseInitializationMode.EMBEDDED && !isEmbeddedDatabase())) {
			return false;
		}
		String script = ClassUtils.classPackageAsResourcePath(JdbcIdempotencyStore.class) + "/schema-@@platform@@.sql";
		List<String> locations = new PlatformPlaceholderDatabaseDriverResolver().resolveAll(getDataSource(), script);
		// a database without a script is one that the store refuses, and says why
		this.settings
			.setSchemaLocations(locations.stream().map((location) -> "optional:classpath:" + location).toList());
		return super.initializeDatabase();
	}

}
