package io.idempotency.benchmarks.http;

import io.idempotency.Idempotent;
import io.idempotency.benchmarks.http.Payload.Order;
import io.idempotency.benchmarks.http.Payload.Receipt;

import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Endpoints that do the same and are protected differently. */
@RestController
class BenchmarkController {

	@PostMapping("/plain")
	Receipt plain(@RequestBody Order order) {
		return Receipt.of(order);
	}

	/** Protected by {@link FloorFilter}. */
	@PostMapping("/floor")
	Receipt floor(@RequestBody Order order) {
		return Receipt.of(order);
	}

	/** Protected by another {@link FloorFilter}, over the application's own driver. */
	@PostMapping("/shared")
	Receipt shared(@RequestBody Order order) {
		return Receipt.of(order);
	}

	/** Protected by {@link LeastFilter}. */
	@PostMapping("/least")
	Receipt least(@RequestBody Order order) {
		return Receipt.of(order);
	}

	@PostMapping("/protected")
	@Idempotent
	Receipt guarded(@RequestBody Order order) {
		return Receipt.of(order);
	}

	@PostMapping("/optional")
	@Idempotent(required = false)
	Receipt optional(@RequestBody Order order) {
		return Receipt.of(order);
	}

}
