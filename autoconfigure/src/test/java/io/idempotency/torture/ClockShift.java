package io.idempotency.torture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lets the wall clock of one application jump to and fro, by libfaketime (Debian's
 * package {@code faketime}) where that is installed.
 */
final class ClockShift implements Strike {

	private static final Path FILE = Path.of("target", "torture", "clock").toAbsolutePath();

	private Optional<ApplicationNode> shifted = Optional.empty();

	/** Where the library is that lies to a process about the time. */
	private static Optional<Path> library() {
		try (DirectoryStream<Path> found = Files.newDirectoryStream(Path.of("/usr/lib"), "*-linux-gnu")) {
			for (Path directory : found) {
				Path library = directory.resolve("faketime/libfaketime.so.1");
				if (Files.exists(library)) {
					return Optional.of(library);
				}
			}
		}
		catch (IOException ex) {
			// no such directory
		}
		return Optional.empty();
	}

	@Override
	public Optional<String> missing() {
		return library().isPresent() ? Optional.empty() : Optional.of("there is no libfaketime here");
	}

	@Override
	public void prepare(World world) {
		ApplicationNode node = world.nodes().get(world.nextNode());
		set("+0");
		node.terminate();
		// without the last one no thread of a JVM can wait: it is woken at once
		node.launch(Map.of("LD_PRELOAD", library().orElseThrow().toString(), "FAKETIME_TIMESTAMP_FILE", FILE.toString(),
				"FAKETIME_CACHE_DURATION", "1", "FAKETIME_DONT_FAKE_MONOTONIC", "1", "DONT_FAKE_MONOTONIC", "1",
				"FAKETIME_FORCE_MONOTONIC_FIX", "0"));
		node.awaitStart();
		this.shifted = Optional.of(node);
	}

	@Override
	public void hit(World world) {
		for (String offset : List.of("+3h", "-3h", "+0")) {
			set(offset);
			Threads.pause(1500);
		}
	}

	private static void set(String offset) {
		try {
			Files.writeString(FILE, offset + "\n");
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void cleanUp(World world) {
		this.shifted.ifPresent((node) -> {
			node.terminate();
			node.start();
		});
	}

}
