package io.idempotency.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Several applications, a Redis that breaks in every way there is, and clients that do
 * not give up. Takes minutes; run by the Maven profile {@code torture}. System properties
 * make it smaller: {@code torture.operations} for each fault, {@code torture.pace} per
 * second, {@code torture.faults} for those whose names hold a match of the pattern,
 * {@code torture.lease} in seconds.
 */
@Tag("torture")
class TortureIT {

	private static final int OPERATIONS = Integer.getInteger("torture.operations", 3500);

	private static final int PACE = Integer.getInteger("torture.pace", 400);

	private static final Pattern CHOSEN = Pattern.compile(System.getProperty("torture.faults", ""));

	private static final Path DIRECTORY = Path.of("target", "torture");

	@Test
	void keysRunOnceWhateverBreaks() throws IOException {
		Files.createDirectories(DIRECTORY);
		List<Row> rows = new ArrayList<>();
		try (World world = new World()) {
			int number = 0;
			for (Fault fault : faults()) {
				rows.add(run(world, "f" + number++, fault));
				System.out.println(rows.get(rows.size() - 1).line());
			}
			assertThat(world.ledger().late()).as("runs after their key was checked").isEmpty();
		}
		finally {
			publish(rows);
		}
		assertThat(rows.stream().flatMap((row) -> row.violations().stream())).isEmpty();
	}

	private static List<Fault> faults() {
		return Stream.of(ApplicationFaults.all(), RedisFaults.all(), NetworkFaults.all(), TopologyFaults.all())
			.flatMap(List::stream)
			.filter((fault) -> CHOSEN.matcher(fault.name()).find())
			.toList();
	}

	private static Row run(World world, String name, Fault fault) {
		Optional<String> missing = fault.strike().missing();
		return missing.map((what) -> Row.notRun(fault, what))
			.orElseGet(() -> new Trial(world, name, fault).run(OPERATIONS, PACE));
	}

	private static void publish(List<Row> rows) throws IOException {
		String table = Row.table(rows);
		System.out.println(table);
		Files.writeString(Path.of("target", "torture.md"), table);
		Files.writeString(DIRECTORY.resolve("histories.txt"),
				rows.stream()
					.flatMap((row) -> row.evidence().stream().map((history) -> row.cells().get(0) + ": " + history))
					.collect(Collectors.joining("\n")));
	}

}
