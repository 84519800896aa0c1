package io.idempotency.aop;

import java.util.List;

import io.idempotency.InvalidIdempotencyConfigurationException;

import org.springframework.aop.Advisor;
import org.springframework.aop.MethodMatcher;
import org.springframework.aop.PointcutAdvisor;
import org.springframework.aop.framework.Advised;

/**
 * What else stands around an idempotent method, and on which side. An application can
 * move every one of these, so the order that is meant is checked on the proxies that are
 * made. They are known by name: each belongs to a library that may be absent.
 */
final class AdvisorOrder {

	private static final String SECURITY = "org.springframework.security.";

	private static final String TRANSACTION = "TransactionInterceptor";

	private static final String VALIDATION = "MethodValidationInterceptor";

	private static final String ASYNC = "AsyncExecutionInterceptor";

	private static final String RETRY = "Retry[A-Za-z]*Interceptor";

	private AdvisorOrder() {
	}

	/**
	 * Checks the order around one method.
	 * @param ours which advisor is the library's
	 * @param plain whether the method is called directly, not by a request
	 * @throws InvalidIdempotencyConfigurationException if something is on the wrong side
	 */
	static void validate(ProxiedMethod operation, Advised advised, Class<? extends Advisor> ours, boolean plain) {
		List<Advisor> advisors = List.of(advised.getAdvisors());
		boolean inside = false;
		for (Advisor advisor : advisors) {
			if (ours.isInstance(advisor)) {
				inside = true;
			}
			else if (matches(advisor, operation)) {
				validate(operation, advisor.getAdvice().getClass().getName(), inside, plain);
			}
		}
	}

	private static boolean matches(Advisor advisor, ProxiedMethod operation) {
		if (!(advisor instanceof PointcutAdvisor withPointcut)) {
			return true;
		}
		MethodMatcher matcher = withPointcut.getPointcut().getMethodMatcher();
		return withPointcut.getPointcut().getClassFilter().matches(operation.targetClass())
				&& matcher.matches(operation.method(), operation.targetClass());
	}

	private static void validate(ProxiedMethod operation, String advice, boolean inside, boolean plain) {
		if (inside && advice.startsWith(SECURITY)) {
			throw operation.invalid("method security stands inside it, so a caller who is not allowed would be answered"
					+ " from the store.", "Give @EnableMethodSecurity no offset above zero.");
		}
		if (!inside && advice.endsWith(TRANSACTION)) {
			throw operation.invalid("the transaction stands around it, so a result would be stored before the commit.",
					"Give @EnableTransactionManagement no order below " + (IdempotentAdvisor.ORDER + 1)
							+ "; its default comes last.");
		}
		if (advice.endsWith(ASYNC) && !(plain && PromisedValue.isPromise(operation.method().getReturnType()))) {
			throw operation.invalid("the method is asynchronous, so its result is not there when it returns.",
					((operation instanceof MethodOperation) ? "Let it return a CompletableFuture, or put" : "Put")
							+ " @Async and " + operation.annotation()
							+ " on different methods, @Async on the outer one.");
		}
		if (inside && !plain && advice.endsWith(VALIDATION)) {
			throw operation.invalid(
					"@Validated on the controller checks the arguments after the key was claimed, so a"
							+ " rejected request would burn its key.",
					"Take @Validated off the controller: Spring MVC checks constraints on handler arguments by itself.");
		}
		if (!inside && !plain && advice.matches(".*" + RETRY)) {
			throw operation.invalid("@Retryable stands around it, and a request claims its key once only.",
					"Put @Retryable on the service that the handler calls.");
		}
	}

}
