package io.idempotency.testsupport;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A connection that sends what no HTTP client would, and reads answers one by one. */
public final class RawConnection implements AutoCloseable {

	private final Socket socket;

	private final InputStream in;

	public RawConnection(int port) throws IOException {
		this.socket = new Socket("127.0.0.1", port);
		this.socket.setSoTimeout(20_000);
		this.socket.setTcpNoDelay(true);
		this.in = new BufferedInputStream(this.socket.getInputStream());
	}

	/** Each character is a byte. */
	public void send(String request) throws IOException {
		this.socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
	}

	/** Sends no more, and goes on to read. */
	public void endRequests() throws IOException {
		this.socket.shutdownOutput();
	}

	/** Waits until the server has hung up. */
	public void drain() {
		try {
			this.in.transferTo(OutputStream.nullOutputStream());
		}
		catch (IOException ex) {
			// by a reset
		}
	}

	/** The next answer, or {@code null} if the server has closed the connection. */
	public Answer read() throws IOException {
		String head;
		try {
			head = head();
		}
		catch (IOException ex) {
			// reset, as there was more to read for the server
			return null;
		}
		if (head.isEmpty()) {
			return null;
		}
		int status = Integer.parseInt(head.substring(9, 12));
		String lower = head.toLowerCase(Locale.ROOT);
		String length = header(lower, "content-length");
		byte[] body = new byte[0];
		if (length != null) {
			body = this.in.readNBytes(Integer.parseInt(length));
		}
		else if ("chunked".equals(header(lower, "transfer-encoding"))) {
			body = chunks();
		}
		return new Answer(status, "true".equals(header(lower, "idempotent-replayed")),
				"close".equals(header(lower, "connection")), new String(body, StandardCharsets.UTF_8));
	}

	private String head() throws IOException {
		StringBuilder head = new StringBuilder();
		for (String line = line(); line != null && !line.isEmpty(); line = line()) {
			head.append(line).append("\r\n");
		}
		return head.toString();
	}

	private String line() throws IOException {
		StringBuilder line = new StringBuilder();
		for (int next = this.in.read(); next != '\n'; next = this.in.read()) {
			if (next < 0) {
				return null;
			}
			if (next != '\r') {
				line.append((char) next);
			}
		}
		return line.toString();
	}

	private byte[] chunks() throws IOException {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		for (int size = chunkSize(); size > 0; size = chunkSize()) {
			body.write(this.in.readNBytes(size));
			line();
		}
		line();
		return body.toByteArray();
	}

	private int chunkSize() throws IOException {
		String line = line();
		if (line == null) {
			throw new EOFException("The answer ends early");
		}
		return Integer.parseInt(line, 16);
	}

	private static String header(String head, String name) {
		int start = head.indexOf("\r\n" + name + ": ");
		return (start < 0) ? null : head.substring(start + name.length() + 4, head.indexOf("\r\n", start + 2)).strip();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	/** What came back, and whether the server says that nothing more will. */
	public record Answer(int status, boolean replay, boolean last, String body) {
	}

}
