package io.idempotency.web;

import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.TimeUnit;

import io.idempotency.Fingerprint;
import jakarta.servlet.ServletException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The fingerprint of a request with a JSON body, its reading included, beside what nobody
 * could do without: one SHA-256 and one parse of the same bytes. Stands in this package
 * because requests are captured by package-private classes.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class FingerprintBenchmark {

	private static final int LIMIT = 1 << 20;

	/** Bytes of the body. */
	@Param({ "200", "2000", "50000", "500000" })
	int size = 200;

	private final RequestFingerprint fingerprints = new RequestFingerprint(LIMIT);

	private final JsonMapper mapper = JsonMapper.builder().build();

	private byte[] text = new byte[0];

	private FixedRequest request = new FixedRequest("key", this.text);

	@Setup
	public void write() {
		this.text = OrderText.ofSize(this.size);
		this.request = new FixedRequest("key", this.text);
	}

	@Benchmark
	public Fingerprint fingerprint() throws IOException, ServletException {
		CapturingRequest captured = new CapturingRequest(this.request, (request) -> true, LIMIT);
		return this.fingerprints.of(captured, "POST /payments", null);
	}

	@Benchmark
	public byte[] sha256() throws NoSuchAlgorithmException {
		return MessageDigest.getInstance("SHA-256").digest(this.text);
	}

	@Benchmark
	public JsonNode readTree() {
		return this.mapper.readTree(this.text);
	}

	/** Looks at each name and value, as a parser decodes none that nobody asks for. */
	@Benchmark
	public void readTokens(Blackhole blackhole) {
		try (JsonParser parser = this.mapper.createParser(this.text)) {
			for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
				switch (token) {
					case PROPERTY_NAME -> blackhole.consume(parser.currentName());
					case VALUE_STRING -> blackhole.consume(parser.getString());
					case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> blackhole.consume(parser.getNumberValue());
					default -> blackhole.consume(token);
				}
			}
		}
	}

}
