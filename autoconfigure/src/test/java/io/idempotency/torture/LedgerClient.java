package io.idempotency.torture;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Tells the ledger what a handler does, and returns once the ledger has written it down.
 * Its connections are kept, one per handler that runs at the same time.
 */
final class LedgerClient {

	private final int port;

	private final String node;

	private final Queue<Line> idle = new ConcurrentLinkedQueue<>();

	LedgerClient(int port, String node) {
		this.port = port;
		this.node = node;
	}

	String node() {
		return this.node;
	}

	/** Returns how many runs of the key there were before. */
	int begin(String key, String id) {
		return tell("BEGIN " + key + " " + id + " " + this.node);
	}

	void effect(String key, String id) {
		tell("EFFECT " + key + " " + id);
	}

	void fail(String key, String id) {
		tell("FAIL " + key + " " + id);
	}

	private int tell(String event) {
		try {
			Line line = this.idle.poll();
			if (line == null) {
				line = new Line(this.port);
			}
			int reply = line.tell(event);
			this.idle.add(line);
			return reply;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** One connection. */
	private static final class Line {

		private final Socket socket;

		private final BufferedReader in;

		Line(int port) throws IOException {
			this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
			this.socket.setTcpNoDelay(true);
			this.in = new BufferedReader(
					new InputStreamReader(this.socket.getInputStream(), StandardCharsets.US_ASCII));
		}

		int tell(String event) throws IOException {
			this.socket.getOutputStream().write((event + "\n").getBytes(StandardCharsets.US_ASCII));
			String reply = this.in.readLine();
			if (reply == null) {
				throw new EOFException("The ledger is closed");
			}
			return Integer.parseInt(reply);
		}

	}

}
