package io.idempotency.autoconfigure;

import io.idempotency.InvalidIdempotencyConfigurationException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Shows what is wrong with an annotation or a property, and what to do about it. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class InvalidIdempotencyConfigurationFailureAnalyzer
		extends AbstractFailureAnalyzer<InvalidIdempotencyConfigurationException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InvalidIdempotencyConfigurationException cause) {
		return new FailureAnalysis(cause.getDescription(), cause.getAction(), cause);
	}

}
