package io.idempotency.store.jdbc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.idempotency.testsupport.RedisProcess;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application is killed at each point between a claim and its answer, started again,
 * and asked again. With claims in the transactions of handlers everything happens once,
 * wherever that was; with leases all but what the handler has committed and the store
 * does not know yet. Of system properties, {@code crash.rounds} is the number of kills
 * for each store, and {@code crash.modes} names the stores, all by default.
 */
@Tag("crash")
class CrashMatrixIT {

	private static final Log logger = LogFactory.getLog(CrashMatrixIT.class);

	private static final int ROUNDS = Integer.getInteger("crash.rounds", 16);

	private static final CrashTable table = new CrashTable();

	private static PostgresDatabase database;

	private static RedisProcess redis;

	@BeforeAll
	static void startServers() {
		database = new PostgresDatabase();
		redis = RedisProcess.redis62("--appendonly", "yes", "--appendfilename", "crash.aof");
		database.withTable();
		sql().execute("CREATE TABLE payment (order_id text NOT NULL, payment text NOT NULL)");
	}

	@AfterAll
	static void publish() throws IOException {
		logger.info("What became of keys:\n" + table);
		Files.writeString(Path.of("target", "crash-matrix.md"), table.toString());
		redis.close();
		database.close();
	}

	static Stream<CrashMode> modes() {
		String chosen = System.getProperty("crash.modes");
		return Arrays.stream(CrashMode.values())
			.filter((mode) -> chosen == null || List.of(chosen.split(",")).contains(mode.store()));
	}

	@ParameterizedTest
	@MethodSource("modes")
	void retryAfterKillPaysOnce(CrashMode mode) {
		Map<CrashPoint, List<CrashFate>> fates = new EnumMap<>(CrashPoint.class);
		int[] rounds = new int[CrashPoint.values().length];
		try (CrashProcess application = new CrashProcess(mode, properties())) {
			application.start();
			for (int i = 0; i < ROUNDS; i++) {
				CrashPoint point = CrashPoint.values()[i % rounds.length];
				List<CrashFate> round = new CrashRound(application, sql(), mode, point).run();
				fates.computeIfAbsent(point, (unused) -> new ArrayList<>()).addAll(round);
				rounds[point.ordinal()]++;
				if (point.ordinal() == rounds.length - 1) {
					logger.info(mode.store() + ": round " + (i + 1) + " of " + ROUNDS);
				}
			}
		}
		finally {
			fates.forEach((point, all) -> table.add(mode, point, rounds[point.ordinal()], all));
		}
		assertThat(fates.values().stream().flatMap(List::stream).flatMap((fate) -> fate.violations().stream()))
			.isEmpty();
	}

	private static JdbcTemplate sql() {
		return TestDatabase.sql(database.pools().get(0));
	}

	private static List<String> properties() {
		return List.of("spring.datasource.url=" + database.url(), "spring.datasource.username=" + database.user(),
				"spring.datasource.password=" + database.password(), "spring.datasource.hikari.maximum-pool-size=20",
				"spring.data.redis.host=127.0.0.1", "spring.data.redis.port=" + redis.port());
	}

}
