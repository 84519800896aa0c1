package io.idempotency.benchmarks.growth;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A table of texts. */
final class MarkdownTable {

	private final String title;

	private final List<String> lines = new ArrayList<>();

	MarkdownTable(String title, String... columns) {
		this.title = title;
		row((Object[]) columns);
		row(Collections.nCopies(columns.length, "---:").toArray());
	}

	void row(Object... cells) {
		StringBuilder line = new StringBuilder("|");
		for (Object cell : cells) {
			line.append(' ').append(cell).append(" |");
		}
		this.lines.add(line.toString());
	}

	@Override
	public String toString() {
		return "### " + this.title + "\n\n" + String.join("\n", this.lines) + "\n";
	}

}
