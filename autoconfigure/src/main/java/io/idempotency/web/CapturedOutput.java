package io.idempotency.web;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * A response body that is kept back up to a limit. A longer one is let go, from its first
 * byte on, so that the client gets it whole and the memory of one response stays bounded.
 */
final class CapturedOutput extends ServletOutputStream {

	/** Gives the stream to the client, once it is needed. */
	interface Target {

		OutputStream open() throws IOException;

	}

	private interface Delivery {

		void to(OutputStream client) throws IOException;

	}

	private static final Log logger = LogFactory.getLog(CapturedOutput.class);

	private static final byte[] NOTHING = {};

	private static final int FIRST_BYTES = 256;

	private final int limit;

	private final Target target;

	private byte[] kept = NOTHING;

	private int size;

	private @Nullable OutputStream spill;

	private boolean spilled;

	private boolean clientGone;

	/** Somebody asked to send what there is. */
	private boolean flushed;

	private boolean closed;

	CapturedOutput(int limit, Target target) {
		this.limit = limit;
		this.target = target;
	}

	/** An output that drops everything. */
	static CapturedOutput nowhere() {
		return new CapturedOutput(0, OutputStream::nullOutputStream);
	}

	boolean isSpilled() {
		return this.spilled;
	}

	byte[] toByteArray() {
		if (this.size < this.kept.length) {
			this.kept = Arrays.copyOf(this.kept, this.size);
		}
		return this.kept;
	}

	int size() {
		return this.size;
	}

	void drop() {
		this.size = 0;
		this.flushed = false;
	}

	/**
	 * Whether a container would have begun to send the response before it was complete,
	 * which shows in its headers.
	 */
	boolean isFlushed() {
		return this.flushed;
	}

	/** Writes to the client what was kept back. */
	void release() throws IOException {
		if (!this.spilled && this.size > 0) {
			this.target.open().write(this.kept, 0, this.size);
		}
	}

	@Override
	public void write(int b) throws IOException {
		if (this.closed) {
			return;
		}
		if (!this.spilled && this.size < this.limit) {
			reserve(1, FIRST_BYTES);
			this.kept[this.size++] = (byte) b;
		}
		else {
			toClient((client) -> client.write(b));
		}
	}

	@Override
	public void write(byte[] bytes, int offset, int length) throws IOException {
		if (this.closed) {
			return;
		}
		if (!this.spilled && length <= this.limit - this.size) {
			// mostly the whole body, which needs no room for more
			reserve(length, length);
			System.arraycopy(bytes, offset, this.kept, this.size, length);
			this.size += length;
		}
		else {
			toClient((client) -> client.write(bytes, offset, length));
		}
	}

	private void reserve(int more, int first) {
		if (more > this.kept.length - this.size) {
			int larger = (int) Math.min(this.limit, Math.max(2L * this.kept.length, this.size + more));
			this.kept = Arrays.copyOf(this.kept, (this.size == 0) ? Math.max(first, larger) : larger);
		}
	}

	@Override
	public void flush() {
		if (this.spilled) {
			toClient(OutputStream::flush);
		}
		else if (!this.closed) {
			this.flushed = true;
		}
	}

	/**
	 * A client that is gone is not told to the handler: it would break off what it does
	 * after its effect, which would free the key.
	 */
	private void toClient(Delivery delivery) {
		this.spilled = true;
		if (this.clientGone) {
			return;
		}
		try {
			delivery.to(opened());
		}
		catch (IOException | RuntimeException ex) {
			logger.debug("A large response could not be sent", ex);
			this.clientGone = true;
		}
	}

	private OutputStream opened() throws IOException {
		OutputStream current = this.spill;
		if (current == null) {
			current = this.target.open();
			this.spill = current;
			current.write(this.kept, 0, this.size);
			this.kept = NOTHING;
			this.size = 0;
		}
		return current;
	}

	/** Whether the body is complete: what comes later is dropped, as by a container. */
	boolean isClosed() {
		return this.closed;
	}

	/** The client's stream is closed by the container. */
	@Override
	public void close() {
		this.closed = true;
	}

	@Override
	public boolean isReady() {
		return true;
	}

	@Override
	public void setWriteListener(WriteListener listener) {
		throw new IllegalStateException("The response of an idempotent handler cannot be written without blocking");
	}

}
