package io.idempotency.messaging;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

import org.awaitility.Awaitility;

/** What listeners of a test have done, by their names. */
public final class Effects {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final Map<String, List<String>> effects = new ConcurrentHashMap<>();

	/** Adds an effect. */
	public void add(String listener, String what) {
		of(listener).add(what);
	}

	/** The effects so far, in their order. */
	public List<String> of(String listener) {
		return this.effects.computeIfAbsent(listener, (missing) -> new CopyOnWriteArrayList<>());
	}

	/** How many times something was done. */
	public long count(String listener, String what) {
		return of(listener).stream().filter(what::equals).count();
	}

	/** Waits until something was done. */
	public void await(String listener, String what) {
		await(listener, what, 1);
	}

	/** Waits until something was done so often. */
	public void await(String listener, String what, int times) {
		Awaitility.await()
			.atMost(PATIENCE)
			.pollInterval(Duration.ofMillis(10))
			.until(() -> count(listener, what) >= times);
	}

}
