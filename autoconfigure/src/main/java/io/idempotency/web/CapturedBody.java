package io.idempotency.web;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;

import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;

/**
 * A request body that is remembered as it is read, up to a limit, and whose rest can be
 * read ahead without the handler noticing.
 */
final class CapturedBody extends ServletInputStream {

	private static final int CHUNK = 4096;

	/** A length alone reserves no memory, but for so many times what has come. */
	private static final long LEAP = 16;

	private final ServletInputStream source;

	private final int limit;

	/** How long it is said to be and one more, or zero. */
	private final long expected;

	private byte[] buffer;

	/** How much of the buffer is filled. */
	private int captured;

	/** How much of the buffer the handler has read. */
	private int position;

	private boolean ended;

	private boolean tooLarge;

	/**
	 * @param limit how many bytes are remembered
	 * @param expected how many there will be, as far as is known, or a negative number
	 */
	CapturedBody(ServletInputStream source, int limit, long expected) {
		this.source = source;
		this.limit = limit;
		// one more, so that its end is found without another buffer
		this.expected = expected + 1;
		this.buffer = new byte[(int) ((expected < 0) ? CHUNK : Math.min(this.expected, CHUNK))];
	}

	/**
	 * Reads the rest of the body into memory, or to nowhere from where it is too large.
	 * @return whether the whole body is within the limit
	 */
	boolean readAhead() throws IOException {
		while (!this.ended && !this.tooLarge && this.captured < this.limit) {
			reserve(1);
			int count = this.source.read(this.buffer, this.captured,
					Math.min(this.buffer.length, this.limit) - this.captured);
			if (count < 0) {
				this.ended = true;
			}
			else {
				this.captured += count;
			}
		}
		return exhaustSource();
	}

	/** Looks whether there is more than is remembered, and drops it, up to a limit. */
	private boolean exhaustSource() throws IOException {
		byte[] dropped = this.ended ? this.buffer : new byte[CHUNK];
		long total = this.captured;
		try {
			while (!this.ended && total <= 2L * this.limit) {
				int count = this.source.read(dropped, 0, dropped.length);
				if (count < 0) {
					this.ended = true;
				}
				else if (count > 0) {
					forget();
					total += count;
				}
			}
		}
		catch (IOException ex) {
			if (!this.tooLarge) {
				throw ex;
			}
			// nobody wants the rest, and the refusal stands
		}
		return !this.tooLarge;
	}

	/** Reads on without remembering, but not for ever. */
	void discard() throws IOException {
		forget();
		readAhead();
	}

	/** The body; only the first {@link #length()} bytes count. */
	byte[] bytes() {
		return this.buffer;
	}

	int length() {
		return this.captured;
	}

	/** Leaves nothing to read, as if all of it had been read. */
	void exhaust() {
		this.position = this.captured;
	}

	@Override
	public int read() throws IOException {
		byte[] one = new byte[1];
		return (read(one, 0, 1) < 0) ? -1 : one[0] & 0xFF;
	}

	@Override
	public int read(byte[] target, int offset, int length) throws IOException {
		if (length == 0) {
			return 0;
		}
		if (this.position < this.captured) {
			int count = Math.min(length, this.captured - this.position);
			System.arraycopy(this.buffer, this.position, target, offset, count);
			this.position += count;
			return count;
		}
		if (this.ended) {
			return -1;
		}
		int count = this.source.read(target, offset, length);
		if (count < 0) {
			this.ended = true;
			return -1;
		}
		remember(target, offset, count);
		this.position = this.captured;
		return count;
	}

	/**
	 * The inherited method asks {@link #isReady()} first, which not every container
	 * answers while nobody listens.
	 */
	@Override
	public int read(ByteBuffer target) throws IOException {
		byte[] chunk = new byte[Math.min(target.remaining(), CHUNK)];
		int count = read(chunk, 0, chunk.length);
		if (count > 0) {
			target.put(chunk, 0, count);
		}
		return count;
	}

	private void remember(byte[] source, int offset, int count) {
		if (this.tooLarge) {
			return;
		}
		if (count > this.limit - this.captured) {
			// the request will be refused; until then it is read as if nobody listened
			forget();
			return;
		}
		reserve(count);
		System.arraycopy(source, offset, this.buffer, this.captured, count);
		this.captured += count;
	}

	private void reserve(int count) {
		if (count > this.buffer.length - this.captured) {
			long more = Math.max(this.buffer.length * 2L, Math.min(this.expected, this.buffer.length * LEAP));
			int wanted = Math.max(this.captured + count, (int) Math.min(this.limit, more));
			this.buffer = Arrays.copyOf(this.buffer, wanted);
		}
	}

	private void forget() {
		this.tooLarge = true;
		this.captured = 0;
		this.position = 0;
		this.buffer = new byte[0];
	}

	@Override
	public int available() throws IOException {
		return (this.position < this.captured) ? this.captured - this.position
				: this.ended ? 0 : this.source.available();
	}

	@Override
	public boolean isFinished() {
		return this.position == this.captured && (this.ended || this.source.isFinished());
	}

	@Override
	public boolean isReady() {
		return this.position < this.captured || this.ended || this.source.isReady();
	}

	@Override
	public void setReadListener(ReadListener listener) {
		if (this.captured > 0 || this.ended) {
			throw new IllegalStateException("The body is read already, so it cannot be read without blocking");
		}
		this.source.setReadListener(listener);
	}

	/**
	 * Passed on only at the end: a converter that closes what it has read leaves the rest
	 * to the fingerprint.
	 */
	@Override
	public void close() throws IOException {
		if (this.ended) {
			this.source.close();
		}
	}

}
