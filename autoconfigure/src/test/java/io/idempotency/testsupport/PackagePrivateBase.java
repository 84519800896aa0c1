package io.idempotency.testsupport;

import io.idempotency.Idempotent;

/** Its method cannot be overridden by a proxy in another package. */
public class PackagePrivateBase {

	@Idempotent(key = "#order")
	String charge(String order) {
		return order;
	}

}
