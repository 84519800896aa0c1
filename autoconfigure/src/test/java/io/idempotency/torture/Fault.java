package io.idempotency.torture;

import java.util.List;

/**
 * One line of the table.
 *
 * @param name for people
 * @param claims what becomes of claims
 * @param redis settings of the server
 * @param application properties of the applications, besides the usual ones
 * @param strike what happens
 */
record Fault(String name, Claims claims, List<String> redis, List<String> application, Strike strike) {

	/** A fault under which Redis keeps its claims. */
	static Fault of(String name, Strike strike) {
		return new Fault(name, Claims.KEPT, List.of(), List.of(), strike);
	}

	Fault with(Claims newClaims) {
		return new Fault(this.name, newClaims, this.redis, this.application, this.strike);
	}

	Fault onRedis(String... settings) {
		return new Fault(this.name, this.claims, List.of(settings), this.application, this.strike);
	}

	Fault inApplication(String... properties) {
		return new Fault(this.name, this.claims, this.redis, List.of(properties), this.strike);
	}

}
