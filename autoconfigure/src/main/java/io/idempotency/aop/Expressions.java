package io.idempotency.aop;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/** What is checked of expressions when the application starts. */
final class Expressions {

	private Expressions() {
	}

	/**
	 * Checks the variables of an expression.
	 * @param variables those that there are beside the arguments
	 * @throws io.idempotency.InvalidIdempotencyConfigurationException if it has others
	 */
	static void requireKnownVariables(ProxiedMethod method, String attribute, @Nullable CallExpression expression,
			Set<String> variables) {
		Set<String> unknown = (expression != null) ? expression.unknownVariables(variables) : Set.of();
		if (!unknown.isEmpty()) {
			throw method.invalid(attribute + " speaks of " + unknown + ", which no call has.",
					"Use the names of the method's parameters (compiled with -parameters), #a0, #a1 ..., or "
							+ variables + ".");
		}
	}

}
