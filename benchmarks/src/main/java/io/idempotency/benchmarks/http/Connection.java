package io.idempotency.benchmarks.http;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** One connection with one request in flight at most. */
final class Connection implements AutoCloseable {

	private final SocketChannel channel;

	private final Call call;

	private final Keys keys;

	private final byte[] request;

	private final int keyOffset;

	private final ByteBuffer output;

	private final ResponseReader reader;

	private volatile long startedAt;

	Connection(int port, Selector selector, Call call, Keys keys) throws IOException {
		this.channel = SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
		this.channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
		this.channel.configureBlocking(false);
		this.channel.register(selector, SelectionKey.OP_READ, this);
		this.call = call;
		this.keys = keys;
		String text = call.head(keys) + Payload.REQUEST;
		this.request = text.getBytes(StandardCharsets.US_ASCII);
		this.keyOffset = text.indexOf(keys.template());
		this.output = ByteBuffer.wrap(this.request);
		this.reader = new ResponseReader(call.marked());
	}

	/** Sends the next request. Its latency counts from {@code startedAt}. */
	void send(long startedAt) throws IOException {
		if (this.keyOffset > 0) {
			this.keys.patch(this.request, this.keyOffset, this.keys.next(this.call.kind()));
		}
		this.startedAt = startedAt;
		this.output.clear();
		// a request is far smaller than the buffer of a socket
		while (this.output.hasRemaining()) {
			this.channel.write(this.output);
		}
	}

	long startedAt() {
		return this.startedAt;
	}

	/** Reads what has arrived and answers whether that ends the response. */
	boolean receive() throws IOException {
		if (this.channel.read(this.reader.buffer()) < 0) {
			throw new EOFException("The application closed a connection");
		}
		return this.reader.isComplete();
	}

	@Override
	public void close() throws IOException {
		this.channel.close();
	}

}
