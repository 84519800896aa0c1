package io.idempotency.messaging.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.awaitility.core.ThrowingRunnable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Many messages, of which three in ten are duplicates, some fail at first and some
 * always, for two consumers in processes of their own. In the first half of the messages
 * one is killed in the middle of its work, and another takes its place. How many
 * messages: the system property {@code volume.messages}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class VolumeContract {

	/** How often a message is tried where no broker needs more. */
	static final int TRIES = 3;

	/** Listeners of a process. */
	static final int CONCURRENCY = 2;

	private static final int MESSAGES = Integer.getInteger("volume.messages", 10_000);

	private final String name = getClass().getSimpleName().replace("VolumeIT", "");

	/** The configuration of the listeners. */
	abstract Class<?> listeners();

	/** What the application has to know of the broker. */
	abstract List<String> properties();

	/** Makes a destination and the place of its dead letters. */
	abstract void open(String destination) throws Exception;

	/** Sends messages and returns when the broker has them. */
	abstract void send(String destination, List<String> messages) throws Exception;

	/** How many listeners there are that get messages. */
	abstract int consumers(String destination) throws Exception;

	/**
	 * How many messages wait, or were delivered and not acknowledged if that can be
	 * known.
	 */
	abstract long left(String destination) throws Exception;

	/** All messages so far that became dead letters. */
	abstract List<String> dead(String destination) throws Exception;

	/** How often a message is tried before it is a dead letter. */
	int tries() {
		return TRIES;
	}

	/** How many messages a process may be in the middle of. */
	int inHand() {
		return CONCURRENCY;
	}

	/** The store that commits apart from the ledger. */
	String storeWithLease() {
		return "jdbc";
	}

	@BeforeAll
	void forgetEarlierRows() throws IOException {
		Files.deleteIfExists(table());
	}

	private Path table() {
		return Path.of("target", "volume-" + this.name + ".md");
	}

	@Test
	void noMoreIsDoneTwiceThanTheKilledConsumerHadInHand() throws Exception {
		run(storeWithLease(), inHand());
	}

	@Test
	void everyOrderIsInTheLedgerOnce() throws Exception {
		run("jdbc-transactional", 0);
	}

	private void run(String store, int mayBeDoubled) throws Exception {
		String destination = "volume-" + store;
		open(destination);
		VolumeMessages messages = VolumeMessages.of(MESSAGES);
		Map<String, VolumeNode> nodes = new TreeMap<>();
		try (VolumeLedger ledger = new VolumeLedger()) {
			try {
				start(nodes, "1", store, ledger);
				start(nodes, "2", store, ledger);
				until(nodes, () -> assertThat(consumers(destination)).as("consumers").isEqualTo(2 * CONCURRENCY));
				send(destination, messages.first());
				Set<String> firstOrders = VolumeMessages.orders(messages.first());
				await().atMost(Duration.ofMinutes(2))
					.pollInterval(Duration.ofMillis(10))
					.until(() -> ledger.rows() >= firstOrders.size() / 4 && ledger.rowsOf("1") > 0);
				nodes.remove("1").kill();
				int atDeath = ledger.rows();
				assertThat(atDeath).as("orders at the death").isLessThan(firstOrders.size());
				start(nodes, "3", store, ledger);
				awaitDone(nodes, destination, ledger, messages.first());
				until(nodes, () -> assertThat(consumers(destination)).as("consumers").isEqualTo(2 * CONCURRENCY));
				long began = System.nanoTime();
				send(destination, messages.second());
				awaitDone(nodes, destination, ledger, messages.all());
				Duration second = Duration.ofNanos(System.nanoTime() - began);
				nodes.values().forEach(VolumeNode::stop);
				report(store, messages, ledger, atDeath, second);
				verify(destination, messages, ledger);
				assertThat(ledger.rows() - ledger.orders().size()).as("doubles").isBetween(0, mayBeDoubled);
			}
			finally {
				nodes.values().forEach(VolumeNode::kill);
			}
		}
	}

	private void start(Map<String, VolumeNode> nodes, String node, String store, VolumeLedger ledger) {
		List<String> properties = new ArrayList<>(properties());
		properties.addAll(List.of("volume.node=" + node, "volume.destination=volume-" + store,
				"spring.datasource.url=" + ledger.url(), "spring.datasource.username=sa", "idempotency.store=" + store,
				"idempotency.lease=5s", "idempotency.store-timeout=2s", "idempotency.jdbc.initialize-schema=always",
				"logging.level.root=warn", "spring.main.banner-mode=off"));
		nodes.put(node, new VolumeNode(this.name + "-" + store + "-" + node, listeners(), properties));
	}

	private void awaitDone(Map<String, VolumeNode> nodes, String destination, VolumeLedger ledger,
			List<String> messages) {
		Set<String> orders = VolumeMessages.orders(messages);
		Set<String> poison = VolumeMessages.poison(messages);
		until(nodes, () -> {
			assertThat(left(destination)).as("left").isZero();
			assertThat(new HashSet<>(dead(destination))).as("dead letters").isEqualTo(poison);
			Set<String> missing = new HashSet<>(orders);
			missing.removeAll(ledger.orders());
			assertThat(missing).as("orders that are nowhere").isEmpty();
		});
	}

	private static void until(Map<String, VolumeNode> nodes, ThrowingRunnable assertion) {
		await().atMost(Duration.ofMinutes(5))
			.pollInterval(Duration.ofMillis(300))
			.failFast("a process has ended", () -> !nodes.values().stream().allMatch(VolumeNode::isAlive))
			.untilAsserted(assertion);
	}

	private void verify(String destination, VolumeMessages messages, VolumeLedger ledger) throws Exception {
		assertThat(ledger.orders()).as("nothing is lost").isEqualTo(VolumeMessages.orders(messages.all()));
		assertThat(left(destination)).as("left when all have stopped").isZero();
		// one that was sent there may have been in hand at the kill
		assertThat(dead(destination)).as("dead letters")
			.containsOnlyOnceElementsOf(VolumeMessages.poison(messages.second()))
			.hasSizeLessThanOrEqualTo(VolumeMessages.poison(messages.all()).size() + inHand());
		Map<String, Integer> attempts = ledger.attempts();
		for (String poison : VolumeMessages.poison(messages.second())) {
			assertThat(attempts).as("tries without a kill").containsEntry(poison, tries());
			assertThat(ledger.bookedDuringAttempts(poison)).as("others while %s was tried", poison).isPositive();
		}
		for (String poison : VolumeMessages.poison(messages.first())) {
			assertThat(attempts.get(poison)).as("tries of %s", poison).isBetween(1, 2 * tries());
		}
		ledger.orders()
			.stream()
			.filter((order) -> order.startsWith(VolumeMessages.FLAKY))
			.forEach((order) -> assertThat(attempts.get(order)).as("tries of %s", order).isGreaterThan(1));
		for (String node : List.of("2", "3")) {
			assertThat(ledger.rowsOf(node)).as("rows of %s", node)
				.isPositive()
				.isEqualTo(ledger.callsOf(node, "executed"));
		}
		assertThat(ledger.sourcesMovedTo("3")).as("sources that moved").isPositive();
		assertThat(ledger.calls("replayed")).as("skipped").isGreaterThanOrEqualTo(messages.duplicatesInSecond());
	}

	private void report(String store, VolumeMessages messages, VolumeLedger ledger, int atDeath, Duration second)
			throws IOException {
		Set<String> poison = VolumeMessages.poison(messages.all());
		int meanwhile = VolumeMessages.poison(messages.second())
			.stream()
			.mapToInt(ledger::bookedDuringAttempts)
			.min()
			.orElseThrow();
		String row = String.format("| %s | `%s` | %,d | %,d | %,d | %,d | %d | %,d | %d | %d | %.1f s |%n", this.name,
				store, MESSAGES, ledger.orders().size(), atDeath, ledger.rows(), ledger.rows() - ledger.orders().size(),
				ledger.calls("replayed"), poison.size(), meanwhile, second.toMillis() / 1000.0);
		System.out.print(row);
		Files.writeString(table(), row, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
	}

}
