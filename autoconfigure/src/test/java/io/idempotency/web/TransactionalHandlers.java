package io.idempotency.web;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.idempotency.Idempotent;
import io.idempotency.InProgress;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** What a handler may do in the transaction of its record. Each writes an entry first. */
@RestController
@Idempotent
@RequestMapping("/transactional")
class TransactionalHandlers {

	private final TransactionalLedger ledger;

	private volatile CountDownLatch gate = new CountDownLatch(0);

	private volatile CountDownLatch arrived = new CountDownLatch(1);

	TransactionalHandlers(TransactionalLedger ledger) {
		this.ledger = ledger;
	}

	/** Lets handlers wait until the gate is opened. */
	CountDownLatch closeGate() {
		this.arrived = new CountDownLatch(1);
		this.gate = new CountDownLatch(1);
		return this.gate;
	}

	void awaitArrival() throws InterruptedException {
		if (!this.arrived.await(10, TimeUnit.SECONDS)) {
			throw new IllegalStateException("Nobody came");
		}
	}

	@PostMapping("/created")
	ResponseEntity<Map<String, Object>> created() throws InterruptedException {
		long number = this.ledger.add("created");
		this.arrived.countDown();
		if (!this.gate.await(10, TimeUnit.SECONDS)) {
			throw new IllegalStateException("Nobody opened the gate");
		}
		return ResponseEntity.created(URI.create("/entries/" + number)).body(Map.of("number", number));
	}

	@PostMapping("/waited-for")
	@Idempotent(inProgress = InProgress.WAIT, waitTimeout = "8s")
	ResponseEntity<Map<String, Object>> waitedFor() throws InterruptedException {
		return created();
	}

	@PostMapping("/redirect")
	ResponseEntity<Void> redirect() {
		return ResponseEntity.status(HttpStatus.SEE_OTHER)
			.location(URI.create("/entries/" + this.ledger.add("redirect")))
			.build();
	}

	@PostMapping("/throws/{status}")
	@Idempotent(operation = "throws")
	void fails(@PathVariable int status) {
		throw new ResponseStatusException(HttpStatus.valueOf(status), "entry " + this.ledger.add("throws"));
	}

	@PostMapping("/returns/{status}")
	@Idempotent(operation = "returns")
	ResponseEntity<String> returns(@PathVariable int status) {
		return ResponseEntity.status(status).body("entry " + this.ledger.add("returns"));
	}

	@PostMapping("/mapped-to-ok")
	String mappedToOk() {
		this.ledger.add("mapped");
		throw new UnsupportedOperationException();
	}

	@ExceptionHandler
	ResponseEntity<String> handle(UnsupportedOperationException ex) {
		return ResponseEntity.ok("fine all the same");
	}

	@PostMapping("/unhandled")
	void unhandled() {
		this.ledger.add("unhandled");
		throw new IllegalStateException("unhandled");
	}

	@PostMapping("/error")
	void error() {
		this.ledger.add("error");
		throw new StackOverflowError();
	}

	@PostMapping("/inner-fails")
	ResponseEntity<String> innerFails() {
		this.ledger.add("outer");
		try {
			this.ledger.failWithin();
		}
		catch (IllegalArgumentException ex) {
			// as if nothing had happened
		}
		return ResponseEntity.status(201).header("X-Entry", "told").body("done");
	}

	@PostMapping("/nested-fails")
	ResponseEntity<String> nestedFails() {
		this.ledger.add("outer");
		try {
			this.ledger.failNested();
		}
		catch (IllegalArgumentException ex) {
			// only what was nested is taken back
		}
		return ResponseEntity.status(201).body("done");
	}

	@PostMapping("/audited/{status}")
	@Idempotent(operation = "audited")
	ResponseEntity<String> audited(@PathVariable int status) {
		this.ledger.add("outer");
		this.ledger.addApart("audit");
		return ResponseEntity.status(status).body("done");
	}

	@PostMapping("/commit-fails")
	ResponseEntity<String> commitFails(HttpServletResponse response) {
		this.ledger.add("commit fails");
		response.addHeader("Set-Cookie", "paid=yes");
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

			@Override
			public void beforeCommit(boolean readOnly) {
				throw new IllegalStateException("Not now");
			}

		});
		return ResponseEntity.status(201).header("X-Entry", "told").body("done");
	}

	@PostMapping("/violates")
	ResponseEntity<String> violates() {
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

			@Override
			public void beforeCommit(boolean readOnly) {
				throw new DataIntegrityViolationException("there is one");
			}

		});
		return ResponseEntity.status(201).body("done " + this.ledger.add("violates"));
	}

	@ExceptionHandler
	ResponseEntity<String> handle(DataIntegrityViolationException ex) {
		return ResponseEntity.status(418).body("an answer of the application: " + ex.getMessage());
	}

	@PostMapping("/connection-lost")
	ResponseEntity<String> connectionLost() {
		this.ledger.add("lost");
		this.ledger.loseConnection();
		return ResponseEntity.status(201).body("done");
	}

	@PostMapping("/after-commit-fails")
	ResponseEntity<String> afterCommitFails() {
		this.ledger.add("after commit");
		TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

			@Override
			public void afterCommit() {
				throw new IllegalStateException("Too late");
			}

		});
		return ResponseEntity.status(201).body("done");
	}

	@PostMapping("/unreadable")
	Unreadable unreadable() {
		this.ledger.add("unreadable");
		return new Unreadable();
	}

	@PostMapping("/large")
	byte[] large() {
		this.ledger.add("large");
		return new byte[5000];
	}

	@PostMapping("/streams-and-fails")
	void streamsAndFails(HttpServletResponse response) throws IOException {
		this.ledger.add("streams");
		response.getOutputStream().write(new byte[100_000]);
		response.flushBuffer();
		throw new IllegalStateException("in the middle of it");
	}

	@PostMapping("/asynchronous")
	void asynchronous(HttpServletRequest request) {
		this.ledger.add("asynchronous");
		request.startAsync();
	}

	@PostMapping("/inner-idempotent")
	String innerIdempotent() {
		return this.ledger.addOnce("inner") + " " + this.ledger.addOnce("inner");
	}

	@PostMapping("/provisional")
	ResponseEntity<String> provisional() {
		return ResponseEntity.ok().header("X-Provisional", "yes").body("entry " + this.ledger.add("provisional"));
	}

	@PostMapping("/optional")
	@Idempotent(required = false)
	String optional() {
		return TransactionSynchronizationManager.isActualTransactionActive() + " " + this.ledger.add("optional");
	}

	/** Fails while its JSON is being written. */
	static final class Unreadable {

		public String getFirst() {
			return "x".repeat(20_000);
		}

		public String getSecond() {
			throw new IllegalStateException("cannot be rendered");
		}

	}

}
