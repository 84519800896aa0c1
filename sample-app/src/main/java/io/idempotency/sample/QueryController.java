package io.idempotency.sample;

import java.util.List;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** Shows what the payments did. */
@RestController
class QueryController {

	private final PaymentRepository repository;

	QueryController(PaymentRepository repository) {
		this.repository = repository;
	}

	@GetMapping("/payments")
	List<Payment> payments() {
		return this.repository.payments();
	}

	@GetMapping("/payments/{id}")
	Payment payment(@PathVariable long id) {
		return this.repository.payment(id).orElseThrow(() -> RefusedException.unknownPayment(id));
	}

	@GetMapping("/ledger")
	List<LedgerEntry> ledger() {
		return this.repository.ledger();
	}

	@GetMapping("/accounts/{id}")
	Account account(@PathVariable String id) {
		return this.repository.account(id).orElseThrow(() -> RefusedException.unknownAccount(id));
	}

}
