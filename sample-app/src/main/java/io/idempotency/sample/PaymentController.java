package io.idempotency.sample;

import java.net.URI;

import io.idempotency.Idempotent;
import io.idempotency.InProgress;
import jakarta.validation.Valid;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Three ways to pay: safe to retry, safe and patient, and unprotected to compare. */
@RestController
class PaymentController {

	private final PaymentService service;

	private final Faults faults;

	PaymentController(PaymentService service, Faults faults) {
		this.service = service;
		this.faults = faults;
	}

	/** A duplicate of a payment that is still running is told to come again. */
	@PostMapping("/payments")
	@ResponseStatus(HttpStatus.CREATED)
	@Idempotent
	ResponseEntity<Payment> pay(@Valid @RequestBody PaymentRequest request) {
		return charge(request);
	}

	/** A duplicate of a payment that is still running waits for its result. */
	@PostMapping("/payments/waiting")
	@ResponseStatus(HttpStatus.CREATED)
	@Idempotent(inProgress = InProgress.WAIT, waitTimeout = "30s")
	ResponseEntity<Payment> payWaiting(@Valid @RequestBody PaymentRequest request) {
		return charge(request);
	}

	/** Every retry charges again. */
	@PostMapping("/unprotected/payments")
	@ResponseStatus(HttpStatus.CREATED)
	ResponseEntity<Payment> payUnprotected(@Valid @RequestBody PaymentRequest request) {
		return charge(request);
	}

	private ResponseEntity<Payment> charge(PaymentRequest request) {
		this.faults.beforeCharge();
		Payment payment = this.service.pay(request);
		this.faults.afterCharge();
		return ResponseEntity.created(URI.create("/payments/" + payment.id())).body(payment);
	}

}
