package io.idempotency.torture;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A line of the table, the violations behind it, and the histories behind those. */
record Row(List<String> cells, List<Violation> violations, List<String> evidence) {

	private static final List<String> HEADER = List.of("fault", "strikes", "operations", "duplicates sent",
			"executions > 1", "taken over by definition", "wrong answers", "stuck keys", "longest unavailability",
			"slowest recovery", "Redis keeps claims");

	static Row notRun(Fault fault, String because) {
		Stream<String> dashes = HEADER.stream().skip(2).map((name) -> "-");
		return new Row(Stream.concat(Stream.of(fault.name(), "not run: " + because), dashes).toList(), List.of(),
				List.of());
	}

	static Row of(Fault fault, int strikes, List<Operation> operations, Verdict verdict, long unavailable,
			long recovery) {
		long requests = operations.stream().mapToLong((operation) -> operation.exchanges().size()).sum();
		String takenOver = (verdict.takenOver() == 0) ? "0"
				: verdict.takenOver() + ", " + verdict.takenOverAfterEffect() + " of them with two effects";
		return new Row(List.of(fault.name(), Integer.toString(strikes), number(operations.size()),
				number(requests - operations.size()), number(verdict.runAgain()), takenOver,
				number(verdict.wrongAnswers()), number(verdict.stuckKeys()), unavailable + " ms", recovery + " ms",
				switch (fault.claims()) {
					case KEPT -> "yes";
					case LAPSING -> "yes, but leases end";
					case FORGOTTEN -> "no";
				}), verdict.violations(), verdict.evidence());
	}

	private static String number(long number) {
		return String.format(Locale.ROOT, "%,d", number);
	}

	String line() {
		return line(this.cells);
	}

	private static String line(List<String> cells) {
		return "| " + String.join(" | ", cells) + " |";
	}

	static String table(List<Row> rows) {
		Stream<List<String>> head = Stream.of(HEADER, HEADER.stream().map((name) -> "---").toList());
		return Stream.concat(head, rows.stream().map(Row::cells))
			.map((cells) -> line(cells) + "\n")
			.collect(Collectors.joining());
	}

}
