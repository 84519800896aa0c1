package io.idempotency.store.redis;

import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.testsupport.RedisCluster;
import io.idempotency.testsupport.RedisProcess;
import io.lettuce.core.cluster.SlotHash;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** Three primaries and their replicas, with an operator at work and a crash. */
@Tag("topology")
class RedisClusterIT {

	private static final Log logger = LogFactory.getLog(RedisClusterIT.class);

	private static final int KEYS = 10_000;

	private static final String[] REFRESH = { "spring.data.redis.lettuce.cluster.refresh.adaptive=true",
			"spring.data.redis.lettuce.cluster.refresh.period=1s" };

	private static final int MOVED_SLOTS = 1_000;

	private static final List<String> KEY_NAMES = DuplicateTraffic.keysInDistinctSlots(KEYS);

	RedisProcess startRedis(String... settings) {
		return RedisProcess.redis62(settings);
	}

	@Test
	void nothingRunsTwiceWhileSlotsMoveAndAPrimaryDies() {
		try (RedisCluster cluster = new RedisCluster(
				(settings) -> startRedis(LeastRights.settings(settings, LeastRights.with(LeastRights.CLUSTER))));
				BootedStore one = node(cluster, REFRESH);
				BootedStore two = leastRights(cluster);
				DuplicateTraffic traffic = new DuplicateTraffic(KEY_NAMES, one.store(), two.store())) {
			for (int primary = 0; primary < 3; primary++) {
				assertThat(keysIn(cluster.slots(primary))).isGreaterThan(KEYS / 4);
			}
			traffic.open(KEYS / 5);
			long begun = traffic.now();
			cluster.moveSlots(0, 1, MOVED_SLOTS, (slot) -> traffic.open(3));
			logger.info(MOVED_SLOTS + " slots moved in " + millis(traffic.now() - begun) + " ms");
			assertThat(traffic.counts().keySet()).as("outcomes, and no failures")
				.isSubsetOf("Acquired", "Pending", "Completed");
			assertThat(cluster.slots(1).cardinality()).isGreaterThan(SlotHash.SLOT_COUNT / 3 + MOVED_SLOTS - 2);

			BitSet mayBeLost = failOver(cluster, traffic, cluster::kill);
			cluster.restart(1);
			assertNothingRanTwice(traffic, mayBeLost, one, two);
		}
	}

	/** It takes itself for the primary until it hears of the other one. */
	@Test
	void nothingRunsTwiceWhenAFrozenPrimaryWakesUp() {
		try (RedisCluster cluster = new RedisCluster(this::startRedis);
				BootedStore one = node(cluster, REFRESH);
				BootedStore two = node(cluster, REFRESH);
				DuplicateTraffic traffic = new DuplicateTraffic(KEY_NAMES, one.store(), two.store())) {
			traffic.open(KEYS / 5);
			await().until(traffic::isIdle);
			BitSet mayBeLost = failOver(cluster, traffic, cluster::freeze);
			traffic.open(KEYS / 5);
			cluster.thaw(1);
			cluster.awaitReplica(1);
			assertNothingRanTwice(traffic, mayBeLost, one, two);
		}
	}

	/**
	 * Puts member 1 out of action under load and waits until member 4 has taken over.
	 * @return keys that member 1 answered for without waiting for member 4
	 */
	private static BitSet failOver(RedisCluster cluster, DuplicateTraffic traffic, IntConsumer fault) {
		BitSet slots = cluster.slots(1);
		traffic.open(KEYS / 5);
		long danger = traffic.now();
		cluster.awaitReplication(1);
		fault.accept(1);
		await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(50)).until(() -> {
			traffic.open(10);
			return cluster.isInCharge(4);
		});
		long safe = traffic.now();
		logger.info("Member 4 took over after " + millis(safe - danger) + " ms");
		return traffic.answeredBetween(danger, safe, slots);
	}

	private static void assertNothingRanTwice(DuplicateTraffic traffic, BitSet mayBeLost, BootedStore... nodes) {
		traffic.open(KEYS);
		await().atMost(Duration.ofSeconds(30)).until(traffic::isIdle);
		traffic.stop();
		for (int i = 0; i < KEYS; i++) {
			for (BootedStore node : nodes) {
				traffic.call(node.store(), i);
			}
		}
		logger.info("Outcomes and failures: " + traffic.counts());
		logger.info(
				"Answered before the replica knew: " + mayBeLost.cardinality() + " keys; lost: " + traffic.suspects());
		Map<Integer, String> suspects = new TreeMap<>(traffic.suspects());
		suspects.keySet().removeIf(mayBeLost::get);
		assertThat(suspects).isEmpty();
		assertThat(traffic.unexpected()).isEmpty();
		assertThat(traffic.counts().keySet())
			.noneMatch((message) -> message.contains("CROSSSLOT") || message.contains("NOPERM"));
		assertThat(IntStream.range(0, KEYS).filter((i) -> !mayBeLost.get(i)).map(traffic::executions))
			.allMatch((executions) -> executions == 1);
		assertThat(mayBeLost.cardinality()).isLessThan(KEYS / 10);
	}

	/** Who looks who is who asks every server over a connection of its own. */
	@Test
	void callsWithoutAnAnswerDoNotSwampTheOtherServers() throws Exception {
		try (RedisCluster cluster = new RedisCluster(this::startRedis); BootedStore node = node(cluster)) {
			BitSet slots = cluster.slots(1);
			List<Claim> claims = Stream.generate(RecordLife::claim)
				.filter((claim) -> slots.get(slot(claim)))
				.limit(100)
				.toList();
			ExecutorService callers = Executors.newFixedThreadPool(claims.size());
			long before = connectionsMade(cluster);
			cluster.freeze(1);
			try {
				List<Future<ClaimOutcome>> outcomes = claims.stream()
					.map((claim) -> callers.submit(() -> node.store().claim(claim)))
					.toList();
				// their budget is two seconds, and half of it makes them suspicious
				LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1600));
				cluster.thaw(1);
				for (Future<ClaimOutcome> outcome : outcomes) {
					assertThat(outcome.get(10, TimeUnit.SECONDS)).isInstanceOf(ClaimOutcome.Acquired.class);
				}
			}
			finally {
				callers.shutdownNow();
			}
			assertThat(connectionsMade(cluster) - before).isBetween(1L, 20L);
		}
	}

	private static long connectionsMade(RedisCluster cluster) {
		return cluster.server(0)
			.send("INFO stats")
			.lines()
			.filter((line) -> line.startsWith("total_connections_received:"))
			.mapToLong((line) -> Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
			.sum();
	}

	/**
	 * Boot's properties ask for no refresh, and the driver looks around by itself only
	 * now and then. That costs time, nothing else.
	 */
	@Test
	void withoutPropertiesADeadPrimaryIsAFailureForAWhile() {
		try (RedisCluster cluster = new RedisCluster(this::startRedis); BootedStore node = node(cluster)) {
			List<Claim> claims = new ArrayList<>();
			for (int i = 0; i < 60; i++) {
				Claim claim = RecordLife.claim();
				assertThat(node.store().claim(claim)).isInstanceOf(ClaimOutcome.Acquired.class);
				assertThat(node.store().complete(claim, RecordLife.RESULT, RecordLife.MINUTE)).isTrue();
				claims.add(claim);
			}
			BitSet slots = cluster.slots(1);
			cluster.awaitReplication(1);
			cluster.kill(1);
			long died = System.nanoTime();
			await().atMost(Duration.ofSeconds(60))
				.pollInterval(Duration.ofMillis(50))
				.ignoreExceptionsInstanceOf(IdempotencyStoreException.class)
				.untilAsserted(() -> {
					for (Claim claim : claims) {
						assertThat(node.store().claim(RecordLife.duplicate(claim))).isEqualTo(completed(claim));
					}
				});
			logger.info("Without refresh all is answered again after " + millis(System.nanoTime() - died) + " ms");
			assertThat(claims).anyMatch((claim) -> slots.get(slot(claim)));
			assertThat(cluster.isInCharge(4)).isTrue();
		}
	}

	/**
	 * It keeps its connections, so the driver has no reason to look by itself, and a look
	 * waits for it as long as the driver's timeouts say.
	 */
	@Test
	void withTimeoutsOfTheDriverAFrozenPrimaryIsReplacedAfterAWhile() {
		try (RedisCluster cluster = new RedisCluster(this::startRedis);
				BootedStore node = node(cluster, "spring.data.redis.timeout=2s",
						"spring.data.redis.connect-timeout=2s")) {
			BitSet slots = cluster.slots(1);
			cluster.awaitReplication(1);
			cluster.freeze(1);
			long frozen = System.nanoTime();
			await().atMost(Duration.ofSeconds(40))
				.pollInterval(Duration.ofMillis(50))
				.ignoreExceptionsInstanceOf(IdempotencyStoreException.class)
				.until(() -> node.store().claim(claimIn(slots)) instanceof ClaimOutcome.Acquired);
			logger.info("A frozen primary is replaced after " + millis(System.nanoTime() - frozen) + " ms");
			assertThat(cluster.isInCharge(4)).isTrue();
			cluster.thaw(1);
		}
	}

	private static Claim claimIn(BitSet slots) {
		return Stream.generate(RecordLife::claim).filter((claim) -> slots.get(slot(claim))).findFirst().orElseThrow();
	}

	private static ClaimOutcome completed(Claim claim) {
		return new ClaimOutcome.Completed(claim.fingerprint(), RecordLife.RESULT);
	}

	private static BootedStore node(RedisCluster cluster, String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("spring.data.redis.cluster.nodes=" + cluster.nodes());
		all.add("idempotency.store-timeout=2s");
		return new BootedStore(all.toArray(String[]::new)).awaitConnected();
	}

	/** A node that may do nothing but what it has to, and would rather read elsewhere. */
	private static BootedStore leastRights(RedisCluster cluster) {
		List<String> properties = new ArrayList<>(List.of(REFRESH));
		properties.addAll(List.of(LeastRights.credentials()));
		properties.add("spring.data.redis.lettuce.read-from=replica-preferred");
		return node(cluster, properties.toArray(String[]::new));
	}

	private static long keysIn(BitSet slots) {
		return KEY_NAMES.stream().filter((key) -> slots.get(DuplicateTraffic.slot(key))).count();
	}

	private static int slot(Claim claim) {
		return SlotHash.getSlot(new RedisKeys("idempotency").of(claim.key()));
	}

	private static long millis(long nanos) {
		return TimeUnit.NANOSECONDS.toMillis(nanos);
	}

}
