package io.idempotency.web;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.Set;

import io.idempotency.Fingerprint;
import io.idempotency.IdempotencyContext;
import io.idempotency.IdempotencyException;
import io.idempotency.IdempotentOperation;
import io.idempotency.KeyMissingException;
import io.idempotency.StoreUnavailableException;
import io.idempotency.StoredResult;
import io.idempotency.aop.IdempotentOperationSource;
import io.idempotency.aop.InvocationDoor;
import io.idempotency.aop.MethodOperation;
import io.idempotency.engine.Attempt;
import io.idempotency.engine.Execution;
import io.idempotency.engine.IdempotencyEngine;
import io.idempotency.engine.IdempotentCall;
import io.idempotency.engine.MethodScope;
import io.idempotency.engine.Replay;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerMapping;

/**
 * The call of a Spring MVC handler: the first one of an annotated method that is the best
 * match of its request. Every other annotated call in the request is a plain one.
 */
public final class ServletDoor implements InvocationDoor {

	private final IdempotencyEngine engine;

	private final IdempotentOperationSource operations;

	private final HttpSettings settings;

	private final RequestFingerprint fingerprints;

	private final RequestValues values;

	private final TargetServlets servlets = new TargetServlets();

	private final RequestResolvers resolvers;

	private final RouteNames routes = new RouteNames();

	/**
	 * @param engine decides
	 * @param operations knows which handlers are idempotent
	 * @param settings of the application
	 * @param resolvers of the application
	 */
	public ServletDoor(IdempotencyEngine engine, IdempotentOperationSource operations, HttpSettings settings,
			RequestResolvers resolvers) {
		this.engine = engine;
		this.operations = operations;
		this.settings = settings;
		this.values = new RequestValues(new CallerKey(settings, resolvers.keys()));
		this.resolvers = resolvers;
		this.fingerprints = new RequestFingerprint(settings.maxRequestSize());
	}

	@Override
	public boolean serves(MethodOperation operation) {
		return HandlerMethods.isHandler(operation);
	}

	@Override
	public boolean isRequest() {
		return true;
	}

	@Override
	public Set<String> variables() {
		return RequestValues.VARIABLES;
	}

	@Override
	public void validate(MethodOperation operation) {
		HandlerMethods.validate(operation);
		if (this.engine.isTransactional(operation.operation())) {
			HandlerMethods.requireSynchronous(operation);
		}
	}

	/**
	 * Whether a request is for an idempotent handler, or it is not known yet for which.
	 */
	boolean mayServe(HttpServletRequest request) {
		Object handler = request.getAttribute(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE);
		if (handler instanceof HandlerMethod method) {
			return this.operations.find(method.getMethod(), method.getBeanType()) != null
					|| Proxy.class.isAssignableFrom(method.getBeanType());
		}
		return handler == null && this.servlets.maybeSpringMvc(request);
	}

	@Override
	public boolean accepts(MethodInvocation invocation, MethodOperation operation) {
		HttpServletRequest request = currentRequest();
		if (request == null
				|| !(request
					.getAttribute(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE) instanceof HandlerMethod mapped)
				|| !HandlerMethods.isBestMatch(mapped, invocation, operation)) {
			return false;
		}
		Exchange exchange = Exchange.of(request);
		if (exchange == null) {
			throw new IllegalStateException("The idempotency filter did not see this request, so its response cannot"
					+ " be stored. Let the filter's registration cover " + request.getRequestURI());
		}
		return exchange.isEntry(mapped);
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation, MethodOperation operation) throws Throwable {
		HttpServletRequest request = currentRequest();
		Exchange exchange = (request != null) ? Exchange.of(request) : null;
		if (request == null || exchange == null) {
			throw new IllegalStateException("There is no request");
		}
		exchange.enter(request.getAttribute(HandlerMapping.BEST_MATCHING_HANDLER_ATTRIBUTE));
		if (exchange.isEnded()) {
			throw new IllegalStateException(
					"The response of this request was stored already, so its handler cannot be called once more");
		}
		if (!exchange.isOpen()) {
			// the target of a forward: its response is part of the one that is claimed
			return runBound(invocation, exchange);
		}
		Attempt attempt;
		try {
			attempt = begin(invocation, operation, exchange, request);
			if (attempt instanceof Replay replay) {
				exchange.replay(replay.read((result) -> read(result, operation)));
				return HandlerMethods.emptyValue(operation.method().getReturnType());
			}
		}
		catch (IdempotencyException ex) {
			throw IdempotencyProblem.of(ex, exchange.request(), this.settings);
		}
		return run(invocation, exchange, (Execution) attempt);
	}

	private static @Nullable Object run(MethodInvocation invocation, Exchange exchange, Execution execution)
			throws Throwable {
		try {
			requireOwnTransaction(execution);
			exchange.execute(execution);
		}
		catch (Throwable ex) {
			execution.release();
			throw ex;
		}
		Object result = runBound(invocation, exchange);
		execution.flush();
		if (AsyncValues.isTask(result)) {
			TaskContext.carry(exchange.context(), execution, exchange.request());
		}
		else {
			exchange.fate().returned();
		}
		if (!AsyncValues.isPromise(result)) {
			AsyncValues.requireWhole(result);
		}
		return result;
	}

	private static @Nullable Object runBound(MethodInvocation invocation, Exchange exchange) throws Throwable {
		IdempotencyContext former = IdempotencyContext.exchange(exchange.context());
		MethodScope scope = exchange.enterMethod();
		try {
			return invocation.proceed();
		}
		catch (Throwable ex) {
			exchange.threw(ex);
			throw ex;
		}
		finally {
			scope.close();
			IdempotencyContext.exchange(former);
		}
	}

	/** The response leaves when the execution is complete, and must not be early then. */
	private static void requireOwnTransaction(Execution execution) {
		if (execution.isJoined()) {
			throw new IllegalStateException(
					"A filter or an interceptor has opened a transaction around this handler, so"
							+ " its response would leave before that is committed. Let the handler's record be in a transaction"
							+ " of its own: open none around it, or choose another store for it");
		}
	}

	private Attempt begin(MethodInvocation invocation, MethodOperation operation, Exchange exchange,
			HttpServletRequest seen) throws IOException, ServletException {
		CapturingRequest request = exchange.request();
		IdempotentOperation route = this.routes.of(operation, request);
		exchange.verdict().of(route.name());
		IdempotentCall call;
		try {
			String key = this.values.key(invocation, operation, request, route.name());
			if (key == null && route.required()) {
				throw new KeyMissingException(route.name());
			}
			if (key == null) {
				return this.engine.unprotected(route);
			}
			Fingerprint fingerprint = this.fingerprints.of(request, route.name(),
					this.values.bodyPart(invocation, operation, request));
			call = new IdempotentCall(route, this.resolvers.scope(seen), key, fingerprint);
		}
		catch (IdempotencyException ex) {
			throw this.engine.refused(ex);
		}
		return this.engine.begin(call);
	}

	private static StoredResponse read(StoredResult result, MethodOperation operation) {
		try {
			return ResponseCodec.read(result);
		}
		catch (IOException | RuntimeException ex) {
			throw new StoreUnavailableException(operation.operation().name(), ex);
		}
	}

	private static @Nullable HttpServletRequest currentRequest() {
		return (RequestContextHolder.getRequestAttributes() instanceof ServletRequestAttributes attributes)
				? attributes.getRequest() : null;
	}

}
