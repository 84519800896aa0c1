package io.idempotency.web;

import java.io.IOException;
import java.io.OutputStream;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;

import jakarta.servlet.http.HttpServletResponse;

/**
 * Bytes for a client whose response has a writer already: a filter outside ours took it,
 * and a container gives no stream beside it.
 */
final class ClientStream extends OutputStream {

	private final Writer writer;

	private final CharsetDecoder decoder;

	private ByteBuffer rest = ByteBuffer.allocate(0);

	private ClientStream(Writer writer, Charset charset) {
		this.writer = writer;
		this.decoder = charset.newDecoder()
			.onMalformedInput(CodingErrorAction.REPLACE)
			.onUnmappableCharacter(CodingErrorAction.REPLACE);
	}

	/** The response's own stream, or one that writes through its writer. */
	static OutputStream of(HttpServletResponse response) throws IOException {
		try {
			return response.getOutputStream();
		}
		catch (IllegalStateException ex) {
			return new ClientStream(response.getWriter(), Charset.forName(response.getCharacterEncoding()));
		}
	}

	@Override
	public void write(int b) throws IOException {
		write(new byte[] { (byte) b }, 0, 1);
	}

	@Override
	public void write(byte[] bytes, int offset, int length) throws IOException {
		ByteBuffer in = ByteBuffer.allocate(this.rest.remaining() + length);
		in.put(this.rest).put(bytes, offset, length).flip();
		CharBuffer out = CharBuffer.allocate((int) Math.ceil(in.remaining() * this.decoder.maxCharsPerByte()) + 1);
		this.decoder.decode(in, out, false);
		// the bytes of a character that is not whole yet
		this.rest = in;
		this.writer.append(out.flip());
	}

	@Override
	public void flush() throws IOException {
		this.writer.flush();
	}

}
