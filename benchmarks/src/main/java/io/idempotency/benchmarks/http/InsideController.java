package io.idempotency.benchmarks.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

import io.idempotency.benchmarks.http.Payload.Order;
import io.idempotency.benchmarks.http.Payload.Receipt;
import io.lettuce.core.api.StatefulRedisConnection;
import jakarta.servlet.http.HttpServletResponse;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/**
 * The floor's two commands where a request has been bound, as nobody is to be answered
 * who would be refused: what no library that keeps to that can do better.
 */
@RestController
class InsideController {

	private final FloorStore store;

	private final JsonMapper json;

	InsideController(StatefulRedisConnection<byte[], byte[]> bareConnection, JsonMapper json) {
		this.store = new FloorStore(bareConnection);
		this.json = json;
	}

	@PostMapping("/inside")
	void inside(@RequestBody Order order, @RequestHeader("Idempotency-Key") String key, HttpServletResponse response)
			throws IOException {
		byte[] name = ("inside:" + key).getBytes(StandardCharsets.US_ASCII);
		byte[] answer = this.store.claim(name, FloorFilter.CLAIM);
		if (answer == null) {
			answer = this.json.writeValueAsBytes(Receipt.of(order));
			this.store.complete(name, answer);
		}
		response.setContentType("application/json");
		response.setContentLength(answer.length);
		response.getOutputStream().write(answer);
	}

}
