package io.idempotency.torture;

import java.util.UUID;

import io.idempotency.Idempotent;
import io.idempotency.Recovery;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Handlers whose every run is in the ledger, and in their answer. */
@RestController
class TortureHandlers {

	private final LedgerClient ledger;

	TortureHandlers(LedgerClient ledger) {
		this.ledger = ledger;
	}

	@PostMapping("/rerun")
	@Idempotent(recovery = Recovery.RERUN)
	String rerun(@RequestHeader("Idempotency-Key") String key, @RequestBody Work work) {
		return run(key, work);
	}

	@PostMapping("/hold")
	@Idempotent(recovery = Recovery.HOLD)
	String hold(@RequestHeader("Idempotency-Key") String key, @RequestBody Work work) {
		return run(key, work);
	}

	private String run(String key, Work work) {
		String id = UUID.randomUUID().toString();
		int earlier = this.ledger.begin(key, id);
		Threads.pause(work.millis());
		if (work.fails() && earlier == 0) {
			this.ledger.fail(key, id);
			throw new ResponseStatusException(HttpStatus.BAD_GATEWAY);
		}
		this.ledger.effect(key, id);
		return Run.answer(key, id, this.ledger.node());
	}

	/**
	 * What a client asks for.
	 *
	 * @param millis how long it takes
	 * @param fails whether the first run of the key fails
	 */
	record Work(int millis, boolean fails) {
	}

}
