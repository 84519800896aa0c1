package io.idempotency.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.lettuce.core.MigrateArgs;
import io.lettuce.core.RedisClient;
import io.lettuce.core.cluster.SlotHash;
import org.awaitility.core.ConditionFactory;

import org.springframework.util.FileSystemUtils;

import static org.awaitility.Awaitility.await;

/**
 * A Redis Cluster of a test, on the loopback interface: members 0 to 2 are primaries with
 * a third of the slots each, and member {@code n + 3} is the replica of {@code n}. The
 * numbers stay when the roles change.
 */
public final class RedisCluster implements AutoCloseable {

	private static final int PRIMARIES = 3;

	private static final int MEMBERS = 2 * PRIMARIES;

	/** More do not fit into one line. */
	private static final int SLOTS_AT_ONCE = 4096;

	private static final int SLOTS_ON_THEIR_WAY = 50;

	/** More keys than that are moved in several steps. */
	private static final int KEYS_AT_ONCE = 100;

	private final Path directory;

	private final RedisClient client = RedisClient.create();

	private final List<ClusterMember> members = new ArrayList<>();

	/**
	 * Starts the servers and waits until they serve all slots.
	 * @param starter {@code RedisProcess::redis62} say
	 */
	public RedisCluster(Function<String[], RedisProcess> starter) {
		try {
			this.directory = Files.createTempDirectory("redis-cluster");
			for (int i = 0; i < MEMBERS; i++) {
				Path home = Files.createDirectory(this.directory.resolve(Integer.toString(i)));
				this.members.add(new ClusterMember(starter, this.client, home));
			}
			form();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (RuntimeException ex) {
			close();
			throw ex;
		}
	}

	/** Starts a Cluster of one server, which keeps all its files in the directory. */
	public static RedisProcess single(Function<String[], RedisProcess> starter, Path directory) {
		RedisProcess server = starter
			.apply(new String[] { "--dir", directory.toAbsolutePath().toString(), "--cluster-enabled", "yes" });
		for (int first = 0; first < SlotHash.SLOT_COUNT; first += SLOTS_AT_ONCE) {
			server.send("CLUSTER ADDSLOTS " + IntStream.range(first, first + SLOTS_AT_ONCE)
				.mapToObj(Integer::toString)
				.collect(Collectors.joining(" ")));
		}
		patiently().until(() -> server.send("CLUSTER INFO").contains("cluster_state:ok"));
		return server;
	}

	private void form() {
		for (int i = 0; i < MEMBERS; i++) {
			ClusterMember member = this.members.get(i);
			member.commands().clusterSetConfigEpoch(i + 1L);
			if (i < PRIMARIES) {
				int first = i * SlotHash.SLOT_COUNT / PRIMARIES;
				int end = (i + 1) * SlotHash.SLOT_COUNT / PRIMARIES;
				member.commands().clusterAddSlots(IntStream.range(first, end).toArray());
			}
			if (i > 0) {
				member.commands().clusterMeet("127.0.0.1", port(0));
			}
		}
		patiently().until(() -> this.members.stream().allMatch((member) -> member.isContent(MEMBERS)));
		for (int i = 0; i < PRIMARIES; i++) {
			this.members.get(i + PRIMARIES).commands().clusterReplicate(this.members.get(i).id());
		}
		patiently().until(() -> this.members.subList(PRIMARIES, MEMBERS).stream().allMatch(ClusterMember::isReplica));
	}

	private static ConditionFactory patiently() {
		return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(50)).ignoreExceptions();
	}

	public int port(int member) {
		return this.members.get(member).port();
	}

	/** The server itself, to be frozen or asked for its statistics. */
	public RedisProcess server(int member) {
		return this.members.get(member).server();
	}

	/** All members, as {@code spring.data.redis.cluster.nodes} takes them. */
	public String nodes() {
		return this.members.stream().map((member) -> "127.0.0.1:" + member.port()).collect(Collectors.joining(","));
	}

	/** The slots that a member serves, as it says itself; none if it is a replica. */
	public BitSet slots(int member) {
		return this.members.get(member).slots();
	}

	/**
	 * Moves slots and the keys in them, as an operator's tool does, while clients go on.
	 * Several are on their way at a time, so that clients meet such slots often.
	 * @param afterEach is told each slot when its keys have arrived and it has not
	 */
	public void moveSlots(int from, int to, int count, IntConsumer afterEach) {
		List<ClusterMember> primaries = alive().stream().filter(ClusterMember::isPrimary).toList();
		int[] slots = slots(from).stream().limit(count).toArray();
		for (int i = 0; i < slots.length; i += SLOTS_ON_THEIR_WAY) {
			int[] some = Arrays.copyOfRange(slots, i, Math.min(i + SLOTS_ON_THEIR_WAY, slots.length));
			moveSlots(some, this.members.get(from), this.members.get(to), primaries, afterEach);
		}
	}

	private static void moveSlots(int[] slots, ClusterMember from, ClusterMember to, List<ClusterMember> primaries,
			IntConsumer afterEach) {
		for (int slot : slots) {
			to.commands().clusterSetSlotImporting(slot, from.id());
			from.commands().clusterSetSlotMigrating(slot, to.id());
		}
		for (int slot : slots) {
			moveKeys(slot, from, to);
			afterEach.accept(slot);
		}
		for (int slot : slots) {
			// the new owner first: while both deny it, clients would be sent in circles
			to.commands().clusterSetSlotNode(slot, to.id());
			primaries.stream().filter((member) -> member != to).forEach((member) -> {
				member.commands().clusterSetSlotNode(slot, to.id());
			});
		}
	}

	private static void moveKeys(int slot, ClusterMember from, ClusterMember to) {
		List<String> keys = from.commands().clusterGetKeysInSlot(slot, KEYS_AT_ONCE);
		while (!keys.isEmpty()) {
			from.commands().migrate("127.0.0.1", to.port(), 0, 5000, MigrateArgs.Builder.keys(keys));
			keys = from.commands().clusterGetKeysInSlot(slot, KEYS_AT_ONCE);
		}
	}

	/**
	 * Waits until the replica of a primary has everything that was answered before. What
	 * the primary answers later may be lost with it: replication is asynchronous.
	 */
	public void awaitReplication(int primary) {
		ClusterMember member = this.members.get(primary);
		BitSet slots = member.slots();
		String key = IntStream.iterate(0, (i) -> i + 1)
			.mapToObj((i) -> "replicated-" + i)
			.filter((candidate) -> slots.get(SlotHash.getSlot(candidate)))
			.findFirst()
			.orElseThrow();
		// WAIT waits for the writes of its own connection, and for all before them
		member.commands().psetex(key, TimeUnit.SECONDS.toMillis(1), "");
		if (member.commands().waitForReplication(1, TimeUnit.SECONDS.toMillis(5)) < 1) {
			throw new IllegalStateException("No replica keeps up with member " + primary);
		}
	}

	/** SIGKILL. */
	public void kill(int member) {
		this.members.get(member).kill();
	}

	/** Whether a member is a primary now and no one alive misses a slot. */
	public boolean isInCharge(int member) {
		return this.members.get(member).isPrimary()
				&& alive().stream().allMatch((candidate) -> candidate.isContent(MEMBERS));
	}

	/** Waits until a member has taken over from its primary, which is dead or frozen. */
	public void awaitTakeover(int member) {
		patiently().until(() -> isInCharge(member));
	}

	/**
	 * Starts a member again that was killed, and waits until it has become the replica of
	 * the one that took over. It has lost its data, so it must not come back before.
	 */
	public void restart(int member) {
		this.members.get(member).restart();
		awaitReplica(member);
	}

	/** SIGSTOP: the member keeps its connections but does nothing. */
	public void freeze(int member) {
		this.members.get(member).freeze();
	}

	/** SIGCONT. The member goes on where it was, until it learns what has happened. */
	public void thaw(int member) {
		this.members.get(member).thaw();
	}

	/** Waits until a member is a replica that has all data of its primary. */
	public void awaitReplica(int member) {
		ClusterMember returning = this.members.get(member);
		patiently().until(
				() -> returning.isReplica() && alive().stream().allMatch((candidate) -> candidate.isContent(MEMBERS)));
	}

	private List<ClusterMember> alive() {
		return this.members.stream().filter(ClusterMember::isAlive).toList();
	}

	@Override
	public void close() {
		this.client.shutdown();
		this.members.forEach((member) -> member.server().close());
		try {
			FileSystemUtils.deleteRecursively(this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
