package io.idempotency.torture;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * The ledger's door for applications in other processes: one line in, one number out. An
 * event counts once its line is here, whether or not the application lives to see the
 * reply.
 */
final class LedgerServer implements Closeable {

	private final Ledger ledger;

	private final ServerSocket server;

	LedgerServer(Ledger ledger) {
		this.ledger = ledger;
		try {
			this.server = new ServerSocket(0, 500, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Threads.start("ledger", this::accept);
	}

	int port() {
		return this.server.getLocalPort();
	}

	private void accept() {
		while (!this.server.isClosed()) {
			try {
				Socket socket = this.server.accept();
				socket.setTcpNoDelay(true);
				Threads.start("ledger", () -> serve(socket));
			}
			catch (IOException ex) {
				// closed
			}
		}
	}

	private void serve(Socket socket) {
		try (socket;
				BufferedReader in = new BufferedReader(
						new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
				OutputStream out = socket.getOutputStream()) {
			for (String line = in.readLine(); line != null; line = in.readLine()) {
				out.write((enter(line.split(" ")) + "\n").getBytes(StandardCharsets.US_ASCII));
			}
		}
		catch (IOException ex) {
			// the application was killed
		}
	}

	private int enter(String[] words) {
		switch (words[0]) {
			case "BEGIN" -> {
				return this.ledger.begin(words[1], words[2], words[3]);
			}
			case "EFFECT" -> this.ledger.effect(words[1], words[2]);
			case "FAIL" -> this.ledger.fail(words[1], words[2]);
			default -> throw new IllegalArgumentException("No event: " + words[0]);
		}
		return 0;
	}

	@Override
	public void close() throws IOException {
		this.server.close();
	}

}
