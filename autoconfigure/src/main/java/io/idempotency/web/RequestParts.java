package io.idempotency.web;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;

import io.idempotency.DigestBuilder;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Part;
import org.jspecify.annotations.Nullable;

/** The parts that a container has made of a multipart body, in memory or in files. */
final class RequestParts {

	private final Collection<Part> parts;

	private RequestParts(Collection<Part> parts) {
		this.parts = parts;
	}

	/**
	 * The parts of a request; {@code null} if somebody has taken its body instead, or the
	 * container was not told to make parts and the handler reads the stream itself.
	 */
	static @Nullable RequestParts of(CapturingRequest request) throws IOException, ServletException {
		if (request.isTaken()) {
			return null;
		}
		try {
			return new RequestParts(request.getParts());
		}
		catch (IllegalStateException | ServletException ex) {
			// Jetty's way to say that it was not told to
			if (isTouched(request)) {
				throw ex;
			}
			return null;
		}
	}

	/**
	 * A container that gave up half way, as the body is too large for it, has read what
	 * cannot be compared any more.
	 */
	private static boolean isTouched(CapturingRequest request) throws IOException {
		CapturedBody body = request.body();
		long expected = request.getContentLengthLong();
		return body.readAhead() && ((expected < 0) ? body.length() == 0 : body.length() != expected);
	}

	long size() {
		return this.parts.stream().mapToLong(Part::getSize).sum();
	}

	private static void addOptional(DigestBuilder digest, @Nullable String text) {
		digest.text((text != null) ? text : "");
		if (text != null && text.isEmpty()) {
			// not the same as none: a part with an empty file name is a file
			digest.mark('e');
		}
	}

	/** Adds them in their order, each with its names, its type and its content. */
	void addTo(DigestBuilder digest) throws IOException {
		for (Part part : this.parts) {
			String fileName = part.getSubmittedFileName();
			String contentType = part.getContentType();
			addOptional(digest.mark('.').text(part.getName()), fileName);
			addOptional(digest, contentType);
			try (InputStream content = part.getInputStream()) {
				digest.bytes(content, part.getSize());
			}
		}
	}

}
