package io.idempotency.torture;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * What a client wants done once, and everything it did to get it. For all threads.
 */
final class Operation {

	private final String key;

	private final boolean held;

	private final int millis;

	private final boolean failing;

	private final long startedAt;

	private final List<Exchange> exchanges = new ArrayList<>(3);

	private boolean stuck;

	/**
	 * @param key of its own
	 * @param held whether its handler holds keys
	 * @param millis how long the handler works
	 * @param failing whether the first run is to fail
	 * @param startedAt now
	 */
	Operation(String key, boolean held, int millis, boolean failing, long startedAt) {
		this.key = key;
		this.held = held;
		this.millis = millis;
		this.failing = failing;
		this.startedAt = startedAt;
	}

	String key() {
		return this.key;
	}

	boolean isHeld() {
		return this.held;
	}

	boolean isFailing() {
		return this.failing;
	}

	long startedAt() {
		return this.startedAt;
	}

	String path() {
		return this.held ? "/hold" : "/rerun";
	}

	String body() {
		return "{\"millis\":" + this.millis + ",\"fails\":" + this.failing + "}";
	}

	synchronized void add(Exchange exchange) {
		this.exchanges.add(exchange);
	}

	/** In the order in which they ended. */
	synchronized List<Exchange> exchanges() {
		return List.copyOf(this.exchanges);
	}

	/** Nothing final came back within the bound. */
	synchronized void giveUp() {
		this.stuck = true;
	}

	synchronized boolean isStuck() {
		return this.stuck;
	}

	boolean isAnswered() {
		return exchanges().stream().anyMatch(Exchange::isSuccess);
	}

	boolean isOfUnknownOutcome() {
		return exchanges().stream().anyMatch(Exchange::isUnknownOutcome);
	}

	/** For people; moments in milliseconds since the start. */
	String history() {
		return exchanges().stream()
			.map((exchange) -> String.format(Locale.ROOT, "  %9.1f to %9.1f  %s %s %s%s%n", since(exchange.sentAt()),
					since(exchange.answeredAt()), exchange.node(), exchange.status(),
					exchange.replay() ? "replay " : "", exchange.body()))
			.collect(Collectors.joining("", this.key + " " + path() + " " + body() + "\n", ""));
	}

	private double since(long moment) {
		return (moment - this.startedAt) / 1e6;
	}

	/** Whether more was needed than one request. */
	boolean hadTrouble() {
		return exchanges().stream().anyMatch((exchange) -> !exchange.isSuccess());
	}

}
