package io.idempotency.web;

import java.io.IOException;

import io.idempotency.CommitFailedException;
import io.idempotency.IdempotencyContext;
import io.idempotency.StoredResult;
import io.idempotency.engine.Execution;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/** The end of a claim under which a handler ran, and then that of its response. */
final class Settlement {

	private static final Log logger = LogFactory.getLog(Settlement.class);

	private final Execution execution;

	private final CapturingResponse response;

	private final HandlerFate fate;

	private final boolean takenBack;

	private final ExchangeRules rules;

	/**
	 * @param takenBack whether what the handler wrote was taken back already
	 */
	Settlement(Execution execution, CapturingResponse response, HandlerFate fate, boolean takenBack,
			ExchangeRules rules) {
		this.execution = execution;
		this.response = response;
		this.fate = fate;
		this.takenBack = takenBack;
		this.rules = rules;
	}

	/**
	 * The handler's side has ended with a response.
	 * @param handler of Spring MVC, if it is known
	 */
	void end(HttpServletRequest request, @Nullable Object handler) throws IOException {
		if (!this.execution.isClaimed()) {
			this.execution.release();
			return;
		}
		HandlerFate.Key key = HandlerFate.Key.DONE;
		try {
			try {
				this.response.finishBody();
				key = this.fate.after(this.response);
			}
			finally {
				// whatever is wrong with the response, the claim is settled
				settle(key);
			}
		}
		catch (CommitFailedException ex) {
			refuse(ex, request, handler);
			return;
		}
		this.response.release();
	}

	/** The handler's side has ended with an exception, which the container answers. */
	void endExceptionally() {
		settle(this.fate.afterException());
		this.response.passOn();
	}

	/** Whether the handler's answer says that nothing came of the call. */
	static boolean isError(HandlerFate fate, CapturingResponse response) {
		return fate.threw() || response.finalStatus() >= HttpServletResponse.SC_BAD_REQUEST;
	}

	private void settle(HandlerFate.Key key) {
		boolean error = this.takenBack || isError(this.fate, this.response);
		switch (key) {
			case STORED -> store(error);
			case DONE -> this.execution.completeUnanswered();
			case FAILED -> this.execution.fail();
			case FREE -> {
				if (error) {
					this.execution.release();
				}
				else {
					this.execution.completeUnstored();
				}
			}
		}
	}

	private void store(boolean error) {
		StoredResult result = StoredResult.notKept();
		try {
			result = result();
		}
		finally {
			// the handler took effect: its key stays taken whatever is wrong with us
			if (error) {
				this.execution.completeWithError(result);
			}
			else {
				this.execution.complete(result);
			}
		}
	}

	private StoredResult result() {
		if (this.response.isLongerThan(this.rules.settings().maxResponseSize())) {
			logger.debug("A response of " + described("is not kept: it is too large"));
			return StoredResult.notKept();
		}
		try {
			return ResponseCodec.write(this.response.captured());
		}
		catch (RuntimeException ex) {
			logger.error("A response of " + described("could not be kept, so its duplicates are refused"), ex);
			return StoredResult.notKept();
		}
	}

	private String described(String what) {
		IdempotencyContext context = this.execution.context();
		return (context != null) ? context.operation() + " " + what + ". Record " + context.keyDigest() : what;
	}

	/** Spring MVC may know the handler by the name of its bean only. */
	private static @Nullable Object resolved(@Nullable Object handler) {
		return (handler instanceof HandlerMethod method) ? method.createWithResolvedBean() : handler;
	}

	/**
	 * What the handler answered is not true, so the client gets something else: what the
	 * application or this library says of such a failure.
	 */
	private void refuse(CommitFailedException failure, HttpServletRequest request, @Nullable Object handler)
			throws IOException {
		this.response.withdraw();
		IdempotencyProblem problem = IdempotencyProblem.of(failure, request, this.rules.settings());
		HandlerExceptionResolver resolver = this.rules.resolver().get();
		ModelAndView answer = null;
		try {
			answer = (resolver != null) ? resolver.resolveException(request, this.response, resolved(handler), problem)
					: null;
		}
		catch (RuntimeException ex) {
			logger.error("A failed commit could not be answered as the application wants", ex);
		}
		if ((answer == null || !answer.isEmpty()) && !this.response.isCommitted()) {
			this.response.resetBuffer();
			this.response.sendError(problem.getStatusCode().value());
		}
	}

}
