package io.idempotency.engine;

import java.util.Base64;

import io.idempotency.DigestBuilder;
import io.idempotency.store.StreamKey;

import org.springframework.util.Assert;

/**
 * One position of a stream that is to be handled.
 *
 * @param operation the name of the operation
 * @param store the name of the store that keeps the mark
 * @param stream which of the operation's streams, not blank
 * @param position where in the stream
 */
public record StreamPosition(String operation, String store, String stream, long position) {

	private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

	public StreamPosition {
		Assert.hasText(stream, "A position needs a stream");
	}

	/** The identity of the mark: a digest, from which no stream can be read. */
	StreamKey key() {
		byte[] digest = new DigestBuilder().mark('~').text(this.operation).text(this.stream).build().toBytes();
		return new StreamKey(this.operation, ENCODER.encodeToString(digest));
	}

	/** Names operation and position only. */
	@Override
	public String toString() {
		return "StreamPosition[" + this.operation + ", " + this.position + "]";
	}

}
