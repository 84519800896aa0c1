package io.idempotency.web;

import java.io.IOException;
import java.io.OutputStream;

import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import org.jspecify.annotations.Nullable;

import org.springframework.util.FastByteArrayOutputStream;

/**
 * A response body that is kept back up to a limit. A longer one is let go, from its first
 * byte on, so that the client gets it whole and the memory of one response stays bounded.
 */
final class CapturedOutput extends ServletOutputStream {

	/** Gives the stream to the client, once it is needed. */
	interface Target {

		OutputStream open() throws IOException;

	}

	private final int limit;

	private final Target target;

	private final FastByteArrayOutputStream kept = new FastByteArrayOutputStream(512);

	private @Nullable OutputStream spill;

	CapturedOutput(int limit, Target target) {
		this.limit = limit;
		this.target = target;
	}

	/** An output that drops everything. */
	static CapturedOutput nowhere() {
		return new CapturedOutput(0, OutputStream::nullOutputStream);
	}

	boolean isSpilled() {
		return this.spill != null;
	}

	byte[] toByteArray() {
		return this.kept.toByteArrayUnsafe();
	}

	int size() {
		return this.kept.size();
	}

	void drop() {
		this.kept.reset();
	}

	/** Writes to the client what was kept back. */
	void release() throws IOException {
		if (this.spill == null && this.kept.size() > 0) {
			this.kept.writeTo(this.target.open());
		}
	}

	@Override
	public void write(int b) throws IOException {
		roomFor(1).write(b);
	}

	@Override
	public void write(byte[] bytes, int offset, int length) throws IOException {
		roomFor(length).write(bytes, offset, length);
	}

	private OutputStream roomFor(int length) throws IOException {
		OutputStream current = this.spill;
		if (current == null && length <= this.limit - this.kept.size()) {
			return this.kept;
		}
		if (current == null) {
			current = this.target.open();
			this.kept.writeTo(current);
			this.kept.reset();
			this.spill = current;
		}
		return current;
	}

	@Override
	public void flush() throws IOException {
		if (this.spill != null) {
			this.spill.flush();
		}
	}

	@Override
	public void close() {
		// the client's stream is closed by the container
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
