package io.idempotency.web;

import io.idempotency.testsupport.HttpDialogue.Answer;
import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/** Transactions of Spring Boot's own manager, which knows JDBC. */
class JdbcTransactionDialogueTests extends TransactionalDialogue {

	@Override
	Class<?> transactions() {
		return Nothing.class;
	}

	@Test
	void savepointsInsideAreTheHandlersOwn() {
		Answer first = http().post("/transactional/nested-fails", "key", "{}");
		assertThat(first.status()).isEqualTo(201);
		assertThat(ledger().entries()).containsExactly("outer");
		assertThat(http().post("/transactional/nested-fails", "key", "{}").isReplay()).isTrue();
	}

	/** What Spring Boot configures. */
	@Configuration(proxyBeanMethods = false)
	static class Nothing {

	}

}
