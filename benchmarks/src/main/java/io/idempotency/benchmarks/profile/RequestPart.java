package io.idempotency.benchmarks.profile;

import java.util.Arrays;
import java.util.List;

/**
 * A part of a request, known by the methods that do it. The first that matches a frame
 * counts, from the innermost frame outwards.
 */
enum RequestPart {

	METERS("meters", "observation."),

	CLAIM("claim: the driver", "store.redis.RedisIdempotencyStore.claim"),

	COMPLETE("complete: the driver, with a script", "store.redis.RedisIdempotencyStore.complete"),

	RECORD_KEY("digest of the record's key", "engine.IdempotentCall.recordKey"),

	LEASE("watch over the lease", "engine.LeaseKeeper"),

	JSON("JSON body read and digested", "web.JsonBodyCodec.digest"),

	FINGERPRINT("rest of the fingerprint", "web.RequestFingerprint.of"),

	KEY("key from its header", "web.RequestValues.key"),

	SCOPE("scope of the caller", "web.RequestResolvers.scope"),

	ENCODING("response encoded", "web.ResponseCodec"),

	RESPONSE("response captured and sent", "web.CapturingResponse", "web.DroppingResponse", "web.CapturedOutput",
			"web.CapturedWriter"),

	REQUEST("request body remembered", "web.CapturingRequest.getInputStream", "web.CapturedBody"),

	ENGINE("state machine", "engine."),

	DOOR("door and aspect", "web.ServletDoor.begin", "web.ServletDoor.accepts", "web.ServletDoor.run",
			"web.ServletDoor.invoke", "aop.IdempotentAspect"),

	FILTER("filter, exchange and settlement", "web.IdempotencyFilter", "web.Exchange", "web.Settlement",
			"web.AsyncCycle", "web.AsyncOutcome", "web.HandlerFate", "web.StorageVerdict"),

	REPLAYING("stored response sent", "web.ResponseReplay"),

	FLOOR_CLAIM("floor's claim: the driver", "benchmarks.http.FloorStore.claim"),

	FLOOR_COMPLETE("floor's complete: the driver", "benchmarks.http.FloorStore.complete"),

	FLOOR("floor's buffered response", "benchmarks.http.BufferedResponse"),

	REST("Tomcat, Spring MVC and the handler");

	private static final String ROOT = "io.idempotency.";

	private static final List<String> COMMON = List.of("org.springframework.web.servlet.",
			"io.idempotency.benchmarks.http.BenchmarkController", "org.apache.coyote.",
			"org.apache.catalina.connector.InputBuffer", "org.apache.catalina.connector.OutputBuffer");

	private final String title;

	@SuppressWarnings("ImmutableEnumChecker") // a list of its own that takes no changes
	private final List<String> methods;

	RequestPart(String title, String... methods) {
		this.title = title;
		this.methods = Arrays.stream(methods).map(ROOT::concat).toList();
	}

	String title() {
		return this.title;
	}

	/**
	 * What a method, as in {@code package.Class.method}, belongs to.
	 */
	static RequestPart of(String method) {
		return Arrays.stream(values())
			.filter((part) -> part.methods.stream().anyMatch(method::startsWith))
			.findFirst()
			.orElse(REST);
	}

	/** Whether what is called from here is done for every request, whoever called it. */
	static boolean isCommon(String method) {
		return COMMON.stream().anyMatch(method::startsWith);
	}

}
