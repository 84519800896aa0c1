package io.idempotency.messaging.volume;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process of {@link VolumeApplication}. */
final class VolumeNode {

	private final Process process;

	/**
	 * @param listeners the configuration with the listeners
	 * @param properties of the application, each {@code name=value}
	 */
	VolumeNode(String name, Class<?> listeners, List<String> properties) {
		List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", "-Xmx256m",
				"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp",
				System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
				VolumeApplication.class.getName(), listeners.getName()));
		properties.forEach((property) -> command.add("--" + property));
		try {
			this.process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(new File("target/volume-" + name + ".log"))
				.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	/** SIGKILL. */
	void kill() {
		this.process.destroyForcibly();
		awaitEnd();
	}

	/** SIGTERM: what it is busy with, it ends. */
	void stop() {
		this.process.destroy();
		awaitEnd();
	}

	private void awaitEnd() {
		try {
			if (!this.process.waitFor(60, TimeUnit.SECONDS)) {
				throw new IllegalStateException("The process does not end");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
