package io.idempotency.web;

import java.util.concurrent.Callable;

import io.idempotency.Idempotent;
import io.idempotency.Recovery;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Handlers whose effect cannot be taken back. */
@RestController
@Idempotent(recovery = Recovery.HOLD)
class RecoveryHandlers {

	private final TestHandlers.Runs runs;

	RecoveryHandlers(TestHandlers.Runs runs) {
		this.runs = runs;
	}

	@PostMapping("/held/throws/{kind}")
	String throwing(@PathVariable String kind) {
		this.runs.count("held-" + kind);
		switch (kind) {
			case "unhandled" -> throw new IllegalStateException("unhandled");
			case "handled" -> throw new UnsupportedOperationException("handled");
			case "status" -> throw new ResponseStatusException(HttpStatus.BAD_GATEWAY);
			case "conflict" -> throw new ResponseStatusException(HttpStatus.CONFLICT);
			default -> throw new ResponseStatusException(HttpStatus.GONE);
		}
	}

	@PostMapping("/held/later")
	Callable<String> later() {
		return () -> {
			this.runs.count("held-later");
			throw new IllegalStateException("later");
		};
	}

	@PostMapping("/held/status/{status}")
	ResponseEntity<String> status(@PathVariable int status) {
		return ResponseEntity.status(status).body("run " + this.runs.count("held-status-" + status));
	}

	@PostMapping("/held/slow")
	String slow() {
		int run = this.runs.count("held-slow");
		this.runs.pass();
		return "run " + run;
	}

	@ExceptionHandler
	ResponseEntity<String> handle(UnsupportedOperationException ex) {
		return ResponseEntity.internalServerError().body("handled");
	}

}
