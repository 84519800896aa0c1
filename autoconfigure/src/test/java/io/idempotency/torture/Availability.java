package io.idempotency.torture;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * When requests were sent to each node that succeeded, and when none was for how long.
 */
final class Availability {

	/** By node, the moments at which successful requests were sent and answered. */
	private final Map<String, NavigableMap<Long, Long>> successes = new TreeMap<>();

	private final NavigableSet<Long> all = new TreeSet<>();

	private final long lastStart;

	Availability(Collection<Operation> operations) {
		this.lastStart = operations.stream().mapToLong(Operation::startedAt).max().orElse(0);
		for (Operation operation : operations) {
			operation.exchanges().stream().filter(Exchange::isSuccess).forEach((exchange) -> {
				this.all.add(exchange.sentAt());
				this.successes.computeIfAbsent(exchange.node(), (name) -> new TreeMap<>())
					.merge(exchange.sentAt(), exchange.answeredAt(), Math::min);
			});
		}
	}

	/**
	 * The longest time in which no request was sent that succeeded, as long as there were
	 * new operations. What was sent before and ends meanwhile says nothing.
	 */
	long longestGapMillis() {
		long longest = 0;
		long before = this.all.isEmpty() ? this.lastStart : this.all.first();
		for (long moment : this.all.headSet(this.lastStart)) {
			longest = Math.max(longest, moment - before);
			before = moment;
		}
		longest = Math.max(longest, this.lastStart - before);
		return TimeUnit.NANOSECONDS.toMillis(longest);
	}

	/**
	 * The longest time that any node took to its first success with a request that was
	 * sent after a fault was over.
	 * @param ends when faults were over
	 */
	long slowestRecoveryMillis(List<Long> ends) {
		long slowest = 0;
		for (long end : ends) {
			for (NavigableMap<Long, Long> node : this.successes.values()) {
				long first = node.tailMap(end).values().stream().min(Long::compare).orElse(end);
				slowest = Math.max(slowest, first - end);
			}
		}
		return TimeUnit.NANOSECONDS.toMillis(slowest);
	}

}
