package io.idempotency.benchmarks.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.Timer;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The floor, and what nobody who keeps the contract can leave out, each in a plain and
 * cheap way: caller and key are digested to the name of the record, the body is parsed
 * and digested once, the value has an owner and a fingerprint, completion is a script
 * that compares the owner, and one timer is kept. What it leaves out is nearly all of the
 * contract: members in another order, media types, status and headers, errors, endings,
 * leases, asynchronous handlers.
 */
final class LeastFilter extends HttpFilter {

	private static final long serialVersionUID = 1L;

	private static final int FINGERPRINT_LENGTH = 16;

	private final transient LeastStore store;

	private final transient Timer timer;

	private final transient JsonFactory json = new JsonFactory();

	LeastFilter(LeastStore store, Timer timer) {
		this.store = store;
		this.timer = timer;
	}

	@Override
	protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws IOException, ServletException {
		long startedAt = System.nanoTime();
		byte[] body = new byte[request.getContentLength()];
		request.getInputStream().readNBytes(body, 0, body.length);
		byte[] name = name(request);
		byte[] claim = claim(body);
		byte[] found = this.store.claim(name, claim);
		if (found == null) {
			BufferedResponse buffered = new BufferedResponse(response);
			chain.doFilter(new ReadRequest(request, body), buffered);
			byte[] answer = buffered.body();
			byte[] value = Arrays.copyOfRange(claim, Long.BYTES, claim.length + answer.length);
			System.arraycopy(answer, 0, value, FINGERPRINT_LENGTH, answer.length);
			this.store.complete(name, Arrays.copyOf(claim, Long.BYTES), value);
			response.getOutputStream().write(answer);
		}
		else if (Arrays.equals(found, 0, FINGERPRINT_LENGTH, claim, Long.BYTES, claim.length)) {
			response.setContentType("application/json");
			response.getOutputStream().write(found, FINGERPRINT_LENGTH, found.length - FINGERPRINT_LENGTH);
		}
		else {
			response.sendError(HttpServletResponse.SC_CONFLICT);
		}
		this.timer.record(System.nanoTime() - startedAt, TimeUnit.NANOSECONDS);
	}

	private static byte[] name(HttpServletRequest request) {
		String caller = request.getUserPrincipal().getName() + ':' + request.getHeader("Idempotency-Key");
		byte[] digest = digest(caller.getBytes(StandardCharsets.US_ASCII));
		String record = Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
		return ("least:POST_/least:" + record).getBytes(StandardCharsets.US_ASCII);
	}

	/** Owner and fingerprint. */
	private byte[] claim(byte[] body) {
		try (JsonParser parser = this.json.createParser(ObjectReadContext.empty(), body)) {
			JsonToken token;
			do {
				// parsed, and nothing made of it
				token = parser.nextToken();
			}
			while (token != null);
		}
		return ByteBuffer.allocate(Long.BYTES + FINGERPRINT_LENGTH)
			.putLong(ThreadLocalRandom.current().nextLong())
			.put(digest(body))
			.array();
	}

	private static byte[] digest(byte[] bytes) {
		try {
			return Arrays.copyOf(MessageDigest.getInstance("SHA-256").digest(bytes), FINGERPRINT_LENGTH);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
