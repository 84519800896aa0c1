package io.idempotency.torture;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** One fault, again and again under load, and what the checker says of it. */
final class Trial {

	/** Within so much a node has to answer with success after a fault is over. */
	private static final Duration RECOVERY = World.LEASE;

	/** A key is stuck that has no final answer by then. */
	private static final Duration PATIENCE = World.LEASE.plusSeconds(6);

	/** How late a busy machine lets an event be seen. */
	private static final Duration SLACK = Duration.ofMillis(500);

	private static final int FEWEST_STRIKES = 3;

	/**
	 * Between two strikes, in milliseconds. What failed during the first one is tried
	 * again every third of the lease, and has to have its chance before the second one.
	 */
	private static final long CALM = World.LEASE.toMillis() / 2;

	private final World world;

	private final String name;

	private final Fault fault;

	private final Patience patience = new Patience(PATIENCE.toNanos());

	private final ExecutorService duplicates = Executors.newCachedThreadPool();

	private final Wire wire = new Wire();

	private final Client client;

	private final List<Long> ends = new ArrayList<>();

	private List<Operation> operations;

	Trial(World world, String name, Fault fault) {
		this.world = world;
		this.name = name;
		this.fault = fault;
		this.client = new Client(world.nodes(), this.wire, this.patience, this.duplicates);
	}

	Row run(int count, int perSecond) {
		this.world.startOver(this.fault.redis());
		try {
			List<String> properties = new ArrayList<>(this.fault.application());
			properties.addAll(this.fault.strike().furnish());
			boolean started = this.world.configure(properties);
			this.fault.strike().prepare(this.world);
			this.client.awaitSuccess(this.name + "-before-");
			if (started) {
				warmUp(perSecond);
			}
			Load load = new Load(this.name, perSecond, this.client);
			Threads.pause(1000);
			do {
				this.fault.strike().hit(this.world);
				this.ends.add(System.nanoTime());
				Threads.pause(CALM);
			}
			while (load.size() < count || this.ends.size() < FEWEST_STRIKES);
			this.patience.calm();
			this.operations = load.end();
			askAgain();
		}
		finally {
			this.duplicates.shutdown();
			this.wire.close();
			this.fault.strike().cleanUp(this.world);
		}
		return judge();
	}

	/** Applications that have just started are slow for a while. */
	private void warmUp(int perSecond) {
		for (int pace : new int[] { perSecond / 8, perSecond / 2, perSecond }) {
			Load load = new Load(this.name + "-warm-" + pace, pace, this.client);
			Threads.pause(1000);
			load.end();
		}
	}

	/** Whatever had trouble is asked for once more, and a part of the rest. */
	private void askAgain() {
		Queue<Operation> questions = this.operations.stream()
			.filter((operation) -> operation.hadTrouble() || ThreadLocalRandom.current().nextInt(5) == 0)
			.collect(Collectors.toCollection(ConcurrentLinkedQueue::new));
		CompletableFuture
			.allOf(IntStream.range(0, 32)
				.mapToObj((i) -> CompletableFuture.runAsync(() -> askAgain(questions), this.duplicates))
				.toArray(CompletableFuture<?>[]::new))
			.join();
	}

	private void askAgain(Queue<Operation> questions) {
		for (Operation operation = questions.poll(); operation != null; operation = questions.poll()) {
			this.client.askAgain(operation);
		}
	}

	private Row judge() {
		Terms terms = Terms.of(this.fault.claims(), World.LEASE, SLACK, this.world.absences().all());
		Verdict verdict = new HistoryChecker(this.world.ledger()::runs, terms).check(this.operations);
		Availability availability = new Availability(this.operations);
		long recovery = availability.slowestRecoveryMillis(this.ends);
		if (recovery > RECOVERY.toMillis()) {
			verdict.add(new Violation(Violation.Kind.SLOW_RECOVERY, this.name, recovery + " ms"));
		}
		if (this.fault.claims() != Claims.FORGOTTEN) {
			this.world.ledger().close(this.operations.stream().map(Operation::key).toList());
		}
		return Row.of(this.fault, this.ends.size(), this.operations, verdict, availability.longestGapMillis(),
				recovery);
	}

}
