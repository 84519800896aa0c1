package io.idempotency.benchmarks.http;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Asks a Redis about itself. */
final class RedisConsole implements AutoCloseable {

	private final Socket socket;

	private final BufferedReader reader;

	RedisConsole(int port) throws IOException {
		this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
		this.reader = new BufferedReader(
				new InputStreamReader(this.socket.getInputStream(), StandardCharsets.ISO_8859_1));
	}

	/** A second one to the same Redis. */
	RedisConsole another() throws IOException {
		return new RedisConsole(this.socket.getPort());
	}

	/** The lines {@code name:value} of a section. */
	Map<String, String> info(String section) throws IOException {
		Map<String, String> values = new LinkedHashMap<>();
		int length = Integer.parseInt(command("INFO " + section).substring(1));
		for (int read = 0; read < length;) {
			String line = line();
			read += line.length() + 2;
			int colon = line.indexOf(':');
			if (colon > 0) {
				values.put(line.substring(0, colon), line.substring(colon + 1));
			}
		}
		line();
		return values;
	}

	/** Answers the first line of the reply. */
	String command(String command) throws IOException {
		this.socket.getOutputStream().write((command + "\r\n").getBytes(StandardCharsets.US_ASCII));
		String reply = line();
		if (reply.startsWith("-")) {
			throw new IOException(command + ": " + reply);
		}
		return reply;
	}

	String line() throws IOException {
		String line = this.reader.readLine();
		if (line == null) {
			throw new IOException("Redis is gone");
		}
		return line;
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
