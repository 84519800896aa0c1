package io.idempotency.aop;

/** With the transaction manager that Spring Boot makes. */
class TransactionalMethodTests extends TransactionalMethodContract {

	@Override
	TransactionalApplication startApplication() {
		return new TransactionalApplication();
	}

}
