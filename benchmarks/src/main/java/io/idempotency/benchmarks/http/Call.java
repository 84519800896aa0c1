package io.idempotency.benchmarks.http;

import java.nio.charset.StandardCharsets;

/**
 * What is called how.
 *
 * @param seed whether the keys to replay are used for the first time
 */
record Call(Target target, Kind kind, boolean seed) {

	static Call of(Target target, Kind kind) {
		return new Call(target, kind, false);
	}

	/** The first use of the keys that are replayed later. */
	Call seeding() {
		return new Call(this.target, this.kind, true);
	}

	/** Whether the library has to mark the responses as replayed. */
	boolean marked() {
		return this.target == Target.PROTECTED && this.kind == Kind.REPLAY && !this.seed;
	}

	String head(Keys keys) {
		return "POST " + this.target.path() + " HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
				+ "Content-Type: application/json\r\nContent-Length: "
				+ Payload.REQUEST.getBytes(StandardCharsets.US_ASCII).length + "\r\n"
				+ ((this.kind != Kind.KEYLESS) ? "Idempotency-Key: " + keys.template() + "\r\n" : "") + "\r\n";
	}

}
