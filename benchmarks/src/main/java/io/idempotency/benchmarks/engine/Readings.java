package io.idempotency.benchmarks.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

import io.idempotency.benchmarks.engine.ResultTable.Row;

/** What the numbers say about the bounds that the library has to keep. */
final class Readings {

	private static final double MAX_NANOS = 2000;

	private static final double MAX_BYTES = 1536;

	private static final double MIN_SCALING = 1.7;

	private static final double MAX_RATIO = 1.5;

	private final List<Row> rows;

	Readings(List<Row> rows) {
		this.rows = rows;
	}

	List<String> lines() {
		List<String> lines = new ArrayList<>();
		for (String name : new String[] { "FirstCall.firstCall", "Replay.replay" }) {
			for (String meters : new String[] { "meters=none", "meters=simple" }) {
				call(name, meters).ifPresent(lines::add);
				scaling(name, meters).ifPresent((times) -> lines
					.add(format("%s (%s) from one thread to two: %.2f times as many; at least %.1f: %s", name, meters,
							times, MIN_SCALING, verdict(times >= MIN_SCALING))));
			}
		}
		for (String meters : new String[] { "meters=none", "meters=simple" }) {
			scaling("FirstCall.firstCallApart", meters).ifPresent((times) -> lines.add(format(
					"FirstCall.firstCallApart (%s) from one thread to two: %.2f times as many, with nothing shared",
					meters, times)));
		}
		this.rows.stream()
			.filter((row) -> row.name().equals("Fingerprint.fingerprint"))
			.forEach((row) -> ratio(row).ifPresent(lines::add));
		return lines;
	}

	private Optional<Row> row(String name, String parameters, int threads) {
		return this.rows.stream()
			.filter((row) -> row.name().equals(name) && row.parameters().equals(parameters) && row.threads() == threads)
			.findFirst();
	}

	private Optional<String> call(String name, String meters) {
		return row(name, meters, 1).map((row) -> format("%s (%s): %.2f µs, %.0f B; at most %.0f µs and %.0f B: %s",
				name, meters, row.median() / 1000, row.bytes(), MAX_NANOS / 1000, MAX_BYTES,
				verdict(row.median() <= MAX_NANOS && row.bytes() <= MAX_BYTES)));
	}

	/** How many times as many calls two threads make. */
	private Optional<Double> scaling(String name, String meters) {
		return row(name, meters, 1)
			.flatMap((one) -> row(name, meters, 2).map((two) -> 2 * one.median() / two.median()));
	}

	/** By the processor, as other work on the machine would fall on one of the three. */
	private Optional<String> ratio(Row fingerprint) {
		String size = fingerprint.parameters();
		return row("Fingerprint.sha256", size, fingerprint.threads())
			.flatMap((digest) -> row("Fingerprint.readTree", size, fingerprint.threads())
				.flatMap((tree) -> row("Fingerprint.readTokens", size, fingerprint.threads()).map((tokens) -> {
					double toTree = fingerprint.cpu() / (digest.cpu() + tree.cpu());
					double toTokens = fingerprint.cpu() / (digest.cpu() + tokens.cpu());
					return format("fingerprint (%s): %.2f of SHA-256 and a tree, %.2f of SHA-256 and the tokens, by"
							+ " processor time; at most %.1f", size, toTree, toTokens, MAX_RATIO);
				})));
	}

	private static String verdict(boolean kept) {
		return kept ? "kept" : "missed";
	}

	private static String format(String text, Object... values) {
		return String.format(Locale.ROOT, text, values);
	}

}
