package io.idempotency.web;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

import io.idempotency.DigestBuilder;
import io.idempotency.Fingerprint;
import io.idempotency.RequestTooLargeException;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.Part;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks for: method, path, query, media type and body. The first byte
 * counts the versions of this recipe, which is compared with what older versions of the
 * library have stored: a change makes every retry across an upgrade a mismatch.
 */
final class RequestFingerprint {

	private static final char VERSION = 1;

	private static final String FORM = "application/x-www-form-urlencoded";

	private static final String MULTIPART = "multipart/";

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
			throw new RequestTooLargeException(operation, this.maxRequestSize);
		}
		String query = request.getQueryString();
		String mediaType = mediaType(request.getContentType());
		DigestBuilder digest = new DigestBuilder().mark(VERSION)
			.text(request.getMethod())
			.text(request.getRequestURI())
			.text((query != null) ? query : "")
			.text(mediaType);
		if (bodyPart != null) {
			digest.mark('c').number(bodyPart.high()).number(bodyPart.low());
			if (!isContainers(request, mediaType)) {
				requireWithinLimit(request.body(), operation);
			}
		}
		else if (mediaType.equals(FORM) && isContainers(request, mediaType)) {
			addParameters(request, operation, digest.mark('p'));
			if (!request.getMethod().equals("POST")) {
				// containers make parameters of POST only; the rest is a filter's, or
				// nobody's
				addBytes(request, operation, mediaType, digest);
			}
		}
		else if (isContainers(request, mediaType)) {
			addParts(request, operation, digest.mark('m'));
		}
		else {
			addBytes(request, operation, mediaType, digest);
		}
		return digest.build();
	}

	/**
	 * Whether the container makes parameters or parts of the body and nobody else took
	 * it.
	 */
	private static boolean isContainers(CapturingRequest request, String mediaType) {
		return !request.isRead() && (mediaType.equals(FORM) || mediaType.startsWith(MULTIPART));
	}

	private void addParameters(CapturingRequest request, String operation, DigestBuilder digest) {
		Map<String, String[]> parameters = new TreeMap<>(request.getParameterMap());
		digest.number(parameters.size());
		long size = 0;
		for (Map.Entry<String, String[]> parameter : parameters.entrySet()) {
			digest.text(parameter.getKey()).number(parameter.getValue().length);
			size += parameter.getKey().length();
			for (String value : parameter.getValue()) {
				digest.text(value);
				size += value.length();
			}
		}
		if (size > this.maxRequestSize) {
			throw new RequestTooLargeException(operation, this.maxRequestSize);
		}
	}

	private void addParts(CapturingRequest request, String operation, DigestBuilder digest)
			throws IOException, ServletException {
		Collection<Part> parts;
		try {
			parts = request.getParts();
		}
		catch (IllegalStateException ex) {
			// the container was not told to make parts: the handler reads the stream
			// itself
			addBytes(request, operation, MULTIPART, digest);
			return;
		}
		long size = 0;
		for (Part part : parts) {
			size += part.getSize();
			if (size > this.maxRequestSize) {
				throw new RequestTooLargeException(operation, this.maxRequestSize);
			}
			String fileName = part.getSubmittedFileName();
			String contentType = part.getContentType();
			digest.mark('.')
				.text(part.getName())
				.text((fileName != null) ? fileName : "")
				.text((contentType != null) ? contentType : "");
			try (InputStream content = part.getInputStream()) {
				byte[] bytes = content.readAllBytes();
				digest.bytes(bytes, bytes.length);
			}
		}
	}

	private void addBytes(CapturingRequest request, String operation, String mediaType, DigestBuilder digest)
			throws IOException {
		CapturedBody body = request.body();
		requireWithinLimit(body, operation);
		if (isJson(mediaType) && this.json.digest(body.bytes(), body.length(), digest.mark('j'))) {
			return;
		}
		digest.mark('b').bytes(body.bytes(), body.length());
	}

	private void requireWithinLimit(CapturedBody body, String operation) throws IOException {
		if (!body.readAhead()) {
			throw new RequestTooLargeException(operation, this.maxRequestSize);
		}
	}

	private static boolean isJson(String mediaType) {
		return mediaType.equals("application/json") || mediaType.endsWith("+json");
	}

	/**
	 * Type and subtype: a parameter such as a multipart boundary differs on each retry.
	 */
	private static String mediaType(@Nullable String contentType) {
		if (contentType == null) {
			return "";
		}
		int end = contentType.indexOf(';');
		return ((end < 0) ? contentType : contentType.substring(0, end)).strip().toLowerCase(Locale.ROOT);
	}

}
