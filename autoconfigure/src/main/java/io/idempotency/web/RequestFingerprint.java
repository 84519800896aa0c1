package io.idempotency.web;

import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

import io.idempotency.DigestBuilder;
import io.idempotency.Fingerprint;
import io.idempotency.RequestTooLargeException;
import io.idempotency.web.RequestMediaType.Kind;
import jakarta.servlet.ServletException;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for: method, path, query, media type and body. The first byte
 * counts the versions of this recipe, which is compared with what older versions of the
 * library have stored: a change makes every retry across an upgrade a mismatch.
 */
final class RequestFingerprint {

	private static final char VERSION = 1;

	private final JsonBodyCodec json = new JsonBodyCodec();

	private final int maxRequestSize;

	RequestFingerprint(int maxRequestSize) {
		this.maxRequestSize = maxRequestSize;
	}

	/**
	 * Takes the fingerprint of a request.
	 * @param bodyPart stands for the body, if the annotation chooses it
	 * @throws RequestTooLargeException if the body is larger than allowed
	 */
	Fingerprint of(CapturingRequest request, String operation, @Nullable Fingerprint bodyPart)
			throws IOException, ServletException {
		if (request.getContentLengthLong() > this.maxRequestSize) {
			request.discardBody();
			throw new RequestTooLargeException(operation, this.maxRequestSize);
		}
		String query = request.getQueryString();
		RequestMediaType type = RequestMediaType.of(request.getContentType());
		DigestBuilder digest = new DigestBuilder().mark(VERSION)
			.text(request.getMethod())
			.text(request.getRequestURI())
			.text((query != null) ? query : "")
			.text(type.name());
		if (bodyPart != null) {
			digest.mark('c').number(bodyPart.high()).number(bodyPart.low());
		}
		RequestParts parts = (type.kind() == Kind.MULTIPART) ? RequestParts.of(request) : null;
		if (parts != null) {
			requireWithinLimit(parts.size() <= this.maxRequestSize, operation);
			if (bodyPart == null) {
				parts.addTo(digest.mark('m'));
			}
			return digest.build();
		}
		CapturedBody body = request.body();
		requireWithinLimit(body.readAhead(), operation);
		if (bodyPart == null) {
			addBody(request, body, type.kind(), operation, digest);
		}
		return digest.build();
	}

	private void addBody(CapturingRequest request, CapturedBody body, Kind kind, String operation,
			DigestBuilder digest) {
		if (kind != Kind.FORM && kind != Kind.MULTIPART && body.length() == 0 && request.getContentLengthLong() > 0) {
			throw new IllegalStateException("The request body was read by a filter or an earlier handler, so it cannot"
					+ " be compared. Whoever reads it has to pass on a request that can be read again");
		}
		if (kind == Kind.JSON && this.json.digest(body.bytes(), body.length(), digest.mark('j'))) {
			return;
		}
		if (kind == Kind.FORM && addForm(request, body, operation, digest)) {
			return;
		}
		digest.mark('b').bytes(body.bytes(), body.length());
	}

	/**
	 * Adds the parameters of a form, be it that they are made of the bytes that are here,
	 * or that somebody has read the bytes to make them.
	 */
	private boolean addForm(CapturingRequest request, CapturedBody body, String operation, DigestBuilder digest) {
		Map<String, String[]> parameters;
		try {
			parameters = (body.length() > 0) ? request.formParameters(body) : request.getParameterMap();
		}
		catch (MalformedFormException ex) {
			return false;
		}
		digest.mark('p').number(parameters.size());
		long size = 0;
		for (Map.Entry<String, String[]> parameter : new TreeMap<>(parameters).entrySet()) {
			digest.text(parameter.getKey()).number(parameter.getValue().length);
			size += parameter.getKey().length();
			for (String value : parameter.getValue()) {
				digest.text(value);
				size += value.length();
			}
		}
		requireWithinLimit(size <= this.maxRequestSize, operation);
		return true;
	}

	private void requireWithinLimit(boolean within, String operation) {
		if (!within) {
			throw new RequestTooLargeException(operation, this.maxRequestSize);
		}
	}

}
