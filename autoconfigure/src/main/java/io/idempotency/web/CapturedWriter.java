package io.idempotency.web;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;

/**
 * Writes characters into a body that is kept back. What the handler flushes is told from
 * what an encoder hands on by itself, as only the first begins to send a response. Like a
 * container's writer it outlives a reset of the response: who holds it may go on.
 */
final class CapturedWriter extends PrintWriter {

	private final CapturedOutput output;

	private final Encoder encoder;

	CapturedWriter(CapturedOutput output) {
		this(output, new Encoder(new Bytes(output)));
	}

	private CapturedWriter(CapturedOutput output, Encoder encoder) {
		super(encoder);
		this.output = output;
		this.encoder = encoder;
	}

	/** Brings what the encoder still holds into the body. */
	void drain() {
		super.flush();
	}

	/** What is written from now on is written in this charset, reset or not. */
	void use(Charset charset) {
		this.encoder.charset = charset;
		this.encoder.current = null;
	}

	/** Forgets what the encoder still holds, and that it wrote a mark of its charset. */
	void restart() {
		this.encoder.current = null;
	}

	@Override
	public void flush() {
		drain();
		this.output.flush();
	}

	/** Completes the response. */
	@Override
	public void close() {
		drain();
		this.output.close();
	}

	private static final class Encoder extends Writer {

		private final Bytes bytes;

		private Charset charset = StandardCharsets.ISO_8859_1;

		private @Nullable Writer current;

		Encoder(Bytes bytes) {
			this.bytes = bytes;
		}

		@Override
		public void write(char[] characters, int offset, int length) throws IOException {
			Writer writer = this.current;
			if (writer == null) {
				writer = new OutputStreamWriter(this.bytes, this.charset);
				this.current = writer;
			}
			writer.write(characters, offset, length);
		}

		@Override
		public void flush() throws IOException {
			if (this.current != null) {
				this.current.flush();
			}
		}

		@Override
		public void close() throws IOException {
			flush();
		}

	}

	/** Takes the bytes, and nothing else. */
	private static final class Bytes extends OutputStream {

		private final CapturedOutput output;

		Bytes(CapturedOutput output) {
			this.output = output;
		}

		@Override
		public void write(int b) throws IOException {
			this.output.write(b);
		}

		@Override
		public void write(byte[] bytes, int offset, int length) throws IOException {
			this.output.write(bytes, offset, length);
		}

	}

}
