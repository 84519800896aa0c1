package io.idempotency.store.jdbc;

import java.io.IOException;
import java.io.UncheckedIOException;

/** Signals to processes that a test started. */
final class Signals {

	private Signals() {
	}

	static void send(String name, long pid) {
		try {
			new ProcessBuilder("kill", "-" + name, Long.toString(pid)).start().waitFor();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
