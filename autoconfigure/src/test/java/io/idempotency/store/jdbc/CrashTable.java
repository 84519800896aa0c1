package io.idempotency.store.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** Counts, for each kind of record and each point, what became of keys. */
final class CrashTable {

	private final List<List<String>> rows = new ArrayList<>();

	CrashTable() {
		add("store", "killed when", "rounds", "keys", "paid after the kill", "paid once in the end", "paid twice",
				"answer of the killed request", "answer of the retry");
		this.rows.add(this.rows.get(0).stream().map((name) -> "---").toList());
	}

	/**
	 * Adds a row.
	 * @param fates all of the same point
	 */
	void add(CrashMode mode, CrashPoint point, int rounds, List<CrashFate> fates) {
		long first = count(fates, CrashFate::isFirstAnswer);
		add(mode.store(), point.text(), Integer.toString(rounds), Integer.toString(fates.size()),
				Long.toString(count(fates, (fate) -> !fate.paymentsAfterKill().isEmpty())),
				Long.toString(count(fates, (fate) -> fate.payments().size() == 1)),
				Long.toString(count(fates, (fate) -> fate.payments().size() > 1)), Long.toString(first),
				Long.toString(fates.size() - first));
	}

	private void add(String... cells) {
		this.rows.add(List.of(cells));
	}

	private static long count(List<CrashFate> fates, Predicate<CrashFate> wanted) {
		return fates.stream().filter(wanted).count();
	}

	@Override
	public String toString() {
		StringBuilder text = new StringBuilder();
		this.rows.forEach((row) -> text.append("| ").append(String.join(" | ", row)).append(" |\n"));
		return text.toString();
	}

}
