package io.idempotency.sample;

import java.math.BigDecimal;
import java.math.RoundingMode;

import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Charges accounts. It knows nothing of keys and retries: called twice, it charges twice.
 */
@Service
class PaymentService {

	private final PaymentRepository repository;

	PaymentService(PaymentRepository repository) {
		this.repository = repository;
	}

	/** Charges the account and writes it down, all or nothing. */
	@Transactional
	public Payment pay(PaymentRequest request) {
		BigDecimal amount = request.amount().setScale(2, RoundingMode.UNNECESSARY);
		if (!this.repository.withdraw(request.account(), amount)) {
			throw refusal(request.account());
		}
		Payment payment = this.repository.addPayment(request, amount);
		this.repository.addEntry(payment);
		return payment;
	}

	private RefusedException refusal(String account) {
		return this.repository.account(account).isPresent() ? RefusedException.insufficientFunds(account)
				: RefusedException.unknownAccount(account);
	}

}
