package io.idempotency.testsupport;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A connection on which nothing is hidden: requests go out as they are written here, and
 * answers come back with every header line as it was sent. Stays open between requests,
 * so a byte too many or too few spoils the next answer.
 */
public final class RawHttp implements AutoCloseable {

	private final Socket socket;

	private final InputStream in;

	public RawHttp(int port) throws IOException {
		this(port, 20_000);
	}

	/**
	 * Connects.
	 * @param timeout in milliseconds, for that and for each part of an answer
	 */
	public RawHttp(int port, int timeout) throws IOException {
		this.socket = new Socket();
		this.socket.connect(new InetSocketAddress("127.0.0.1", port), timeout);
		this.socket.setSoTimeout(timeout);
		this.socket.setTcpNoDelay(true);
		this.in = new BufferedInputStream(this.socket.getInputStream(), 65536);
	}

	/**
	 * From now on waits no longer than so many milliseconds for each part of an answer.
	 */
	public void timeout(int millis) throws IOException {
		this.socket.setSoTimeout(millis);
	}

	/** Sends a POST with the given header lines and this much of its body. */
	public RawHttp post(String path, String body, int sent, String... headers) throws IOException {
		StringBuilder request = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n");
		for (String header : headers) {
			request.append(header).append("\r\n");
		}
		request.append("Content-Length: ").append(body.length()).append("\r\n\r\n").append(body, 0, sent);
		this.socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.ISO_8859_1));
		this.socket.getOutputStream().flush();
		return this;
	}

	public RawHttp post(String path, String body, String... headers) throws IOException {
		return post(path, body, body.length(), headers);
	}

	/** Reads some bytes of an answer. */
	public void readSome(int count) throws IOException {
		this.in.readNBytes(count);
	}

	/** Hangs up with a reset, not politely. */
	public void reset() throws IOException {
		this.socket.setSoLinger(true, 0);
		this.socket.close();
	}

	public Answer read() throws IOException {
		String status = line();
		Map<String, List<String>> headers = new LinkedHashMap<>();
		for (String line = line(); !line.isEmpty(); line = line()) {
			int colon = line.indexOf(':');
			// a name as it was sent, so that a changed one is seen
			headers.computeIfAbsent(line.substring(0, colon), (missing) -> new ArrayList<>())
				.add(line.substring(colon + 1).strip());
		}
		Answer answer = new Answer(status, headers, new byte[0]);
		int code = answer.code();
		if (code == 204 || code == 304) {
			return answer;
		}
		if (answer.values("transfer-encoding").contains("chunked")) {
			return new Answer(status, headers, chunks());
		}
		List<String> length = answer.values("content-length");
		return new Answer(status, headers,
				length.isEmpty() ? this.in.readAllBytes() : exactly(Integer.parseInt(length.get(0))));
	}

	private byte[] chunks() throws IOException {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		for (int size = Integer.parseInt(line(), 16); size > 0; size = Integer.parseInt(line(), 16)) {
			body.write(exactly(size));
			line();
		}
		line();
		return body.toByteArray();
	}

	private byte[] exactly(int length) throws IOException {
		byte[] bytes = this.in.readNBytes(length);
		if (bytes.length < length) {
			throw new EOFException("The answer ends after " + bytes.length + " of " + length + " bytes");
		}
		return bytes;
	}

	private String line() throws IOException {
		ByteArrayOutputStream line = new ByteArrayOutputStream();
		for (int b = this.in.read(); b != '\n'; b = this.in.read()) {
			if (b < 0) {
				throw new EOFException("The connection ends within a line: " + line);
			}
			line.write(b);
		}
		return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

	/** What came back; header names as they were sent. */
	@SuppressWarnings("ArrayRecordComponent")
	public record Answer(String statusLine, Map<String, List<String>> headers, byte[] body) {

		public int code() {
			return Integer.parseInt(this.statusLine.split(" ", 3)[1]);
		}

		public List<String> values(String name) {
			List<String> values = new ArrayList<>();
			this.headers.forEach((sent, lines) -> {
				if (sent.equalsIgnoreCase(name)) {
					values.addAll(lines);
				}
			});
			return values;
		}

		/** The headers without some, whose names are in lower case. */
		public Map<String, List<String>> headersBut(List<String> names) {
			Map<String, List<String>> rest = new LinkedHashMap<>(this.headers);
			rest.keySet().removeIf((name) -> names.contains(name.toLowerCase(Locale.ROOT)));
			return rest;
		}

		public boolean closes() {
			return values("connection").contains("close");
		}

	}

}
