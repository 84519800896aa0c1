package io.idempotency.store.redis;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;

import io.idempotency.store.Claim;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.StoreReport;
import io.idempotency.testsupport.RedisCluster;
import io.idempotency.testsupport.RedisProcess;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** A user that may do what the store does, and nothing else. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RedisAcl {

	private static final String NO_RIGHT_IN_SCRIPT = "The user executing the script can't run this command";

	private RedisProcess redis;

	private BootedStore node;

	abstract RedisProcess startRedis(String... settings);

	/** What records need as long as the server is not full. */
	Stream<String> necessary() {
		return Stream.concat(LeastRights.SENT.stream(), LeastRights.CALLED.stream());
	}

	@BeforeAll
	void start() {
		this.redis = startRedis();
		LeastRights.grant(this.redis, LeastRights.STORE);
		this.node = node().awaitConnected();
	}

	@AfterAll
	void stop() {
		this.node.close();
		this.redis.close();
	}

	@BeforeEach
	void restore() {
		LeastRights.grant(this.redis, LeastRights.STORE);
		this.redis.send("SCRIPT FLUSH");
	}

	private BootedStore node(String... properties) {
		return new BootedStore(properties(Stream
			.concat(Stream.of("spring.data.redis.host=127.0.0.1", "spring.data.redis.port=" + this.redis.port()),
					Stream.of(properties))
			.toArray(String[]::new)));
	}

	private static String[] properties(String... further) {
		return Stream.concat(Stream.of(LeastRights.credentials()), Stream.of(further)).toArray(String[]::new);
	}

	@Test
	void theRightsAreEnough() {
		RecordLife.assertWhole(this.node.store());
		RecordLife.assertIsReplayedByAFullServer(this.node.store(), this.redis);
	}

	@ParameterizedTest
	@MethodSource("necessary")
	void rightThatIsMissingIsAStoreFailure(String command) {
		LeastRights.revoke(this.redis, command);
		assertIsRefused(() -> RecordLife.assertRecord(this.node.store()), command);
	}

	@Test
	void countersNeedARightOfTheirOwn() {
		LeastRights.revoke(this.redis, "incr");
		RecordLife.assertRecord(this.node.store());
		assertThatExceptionOfType(CompletionException.class)
			.isThrownBy(() -> RecordLife.assertIsCounted(this.node.store()))
			.withMessageContaining(NO_RIGHT_IN_SCRIPT);
	}

	@Test
	void fencingNumbersNeedARightOfTheirOwn() {
		Claim claim = RecordLife.claim();
		RedisIdempotencyStore store = this.node.store();
		store.claim(claim);
		assertIsRefused(() -> store.fencingNumber(claim), "time");
		LeastRights.grant(this.redis, LeastRights.with("time"));
		assertThat(store.fencingNumber(claim)).isPresent();
	}

	@Test
	void thoseWhoWaitNeedMore() {
		Claim claim = RecordLife.claim();
		RedisIdempotencyStore store = this.node.store();
		store.claim(claim);
		// the connection for those who wait is opened when the first one asks
		await().untilAsserted(() -> assertThat(store.watch(claim.key())).failsWithin(Duration.ofSeconds(5))
			.withThrowableThat()
			.withMessageContaining("NOPERM"));
		LeastRights.grant(this.redis, LeastRights.with("get", "client|tracking"));
		try (BootedStore other = node()) {
			CompletableFuture<Void> change = await().until(() -> other.store().watch(claim.key()),
					(watched) -> !watched.isCompletedExceptionally());
			store.complete(claim, RecordLife.RESULT, RecordLife.MINUTE);
			assertThat(change).succeedsWithin(Duration.ofSeconds(5));
		}
	}

	@Test
	void replicasNeedMore() {
		try (BootedStore other = node("idempotency.redis.min-replicas=1")) {
			assertThatExceptionOfType(IdempotencyStoreException.class)
				.isThrownBy(() -> other.store().claim(RecordLife.claim()))
				.withMessageContaining("NOPERM");
			LeastRights.grant(this.redis, LeastRights.with("wait"));
			assertThatExceptionOfType(IdempotencyStoreException.class)
				.isThrownBy(() -> other.store().claim(RecordLife.claim()))
				.withMessageContaining("Fewer than 1 replicas");
		}
	}

	@Test
	void examinationNeedsMore() {
		assertThat(this.node.store().inspect()).isEqualTo(StoreReport.NOTHING);
		LeastRights.grant(this.redis, LeastRights.with("info", "config|get"));
		assertThat(this.node.store().inspect().concerns()).isNotEmpty();
	}

	@Test
	void clusterNeedsMore(@TempDir Path directory) {
		try (RedisProcess cluster = RedisCluster.single(this::startRedis, directory)) {
			String[] properties = properties("spring.data.redis.cluster.nodes=127.0.0.1:" + cluster.port());
			LeastRights.grant(cluster, LeastRights.STORE);
			try (BootedStore other = new BootedStore(properties)) {
				assertThatExceptionOfType(IdempotencyStoreException.class)
					.isThrownBy(() -> other.store().claim(RecordLife.claim()));
			}
			LeastRights.grant(cluster, LeastRights.with(LeastRights.CLUSTER));
			try (BootedStore other = new BootedStore(properties)) {
				RecordLife.assertWhole(other.store());
			}
		}
	}

	@Test
	void keysOfOthersAreOutOfReach() {
		try (BootedStore other = node("idempotency.key-prefix=other")) {
			assertIsRefused(() -> other.store().claim(RecordLife.claim()), "set");
		}
	}

	@Test
	void wrongPasswordIsAStoreFailure() {
		try (BootedStore other = node("spring.data.redis.password=wrong")) {
			assertThatExceptionOfType(IdempotencyStoreException.class)
				.isThrownBy(() -> other.store().claim(RecordLife.claim()));
		}
	}

	private static void assertIsRefused(ThrowingCallable call, String command) {
		String message = LeastRights.SENT.contains(command) ? "NOPERM" : NO_RIGHT_IN_SCRIPT;
		assertThatExceptionOfType(IdempotencyStoreException.class).isThrownBy(call)
			.withMessageContaining(message)
			.matches(IdempotencyStoreException::isAnswered);
	}

}
