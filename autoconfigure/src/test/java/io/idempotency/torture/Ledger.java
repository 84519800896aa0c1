package io.idempotency.torture;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What really happened, written down by the harness and by nothing that is tested: each
 * run of a handler, and when. For all threads.
 */
final class Ledger {

	private final Map<String, List<Run>> runs = new HashMap<>();

	private final Set<String> closed = new HashSet<>();

	private final List<Run> late = new ArrayList<>();

	/**
	 * A handler is entered.
	 * @return how many runs of the key there were before
	 */
	synchronized int begin(String key, String id, String node) {
		Run run = Run.begun(key, id, node, System.nanoTime());
		List<Run> all = this.runs.computeIfAbsent(key, (missing) -> new ArrayList<>(1));
		all.add(run);
		if (this.closed.contains(key)) {
			this.late.add(run);
		}
		return all.size() - 1;
	}

	/** A run takes effect. */
	synchronized void effect(String key, String id) {
		long now = System.nanoTime();
		this.runs.get(key).replaceAll((run) -> run.id().equals(id) ? run.tookEffect(now) : run);
	}

	/** A run ends without an effect. */
	synchronized void fail(String key, String id) {
		long now = System.nanoTime();
		this.runs.get(key).replaceAll((run) -> run.id().equals(id) ? run.failed(now) : run);
	}

	/** The runs of a key, in the order in which they began. */
	synchronized List<Run> runs(String key) {
		return List.copyOf(this.runs.getOrDefault(key, List.of()));
	}

	/** These keys have been checked: nothing may happen to them any more. */
	synchronized void close(Collection<String> keys) {
		this.closed.addAll(keys);
	}

	/** Runs of closed keys. */
	synchronized List<Run> late() {
		return List.copyOf(this.late);
	}

}
