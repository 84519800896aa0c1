package io.idempotency.web;

import java.io.IOException;

import io.idempotency.IdempotencyContext;
import io.idempotency.engine.Execution;
import io.idempotency.engine.MethodScope;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response, from the filter's first to its last line, through all
 * dispatches. The door says what became of the claim, and whoever ends the response, the
 * filter or an asynchronous handler, ends the exchange. Used by one thread after another;
 * only its end may be asked for by two at once, a container's and the handler's.
 */
final class Exchange {

	static final String ATTRIBUTE = Exchange.class.getName();

	private enum State {

		/** No idempotent handler was called so far. */
		OPEN,

		/** A handler runs, or has run, under a claim or unprotected. */
		EXECUTING,

		/** An earlier response is to be sent. */
		REPLAYING,

		/** Nothing more to do. */
		ENDED

	}

	private final CapturingRequest request;

	private final CapturingResponse response;

	private final ExchangeRules rules;

	private volatile State state = State.OPEN;

	private volatile @Nullable Handling handling;

	private volatile boolean inside;

	private @Nullable Execution execution;

	private volatile @Nullable IdempotencyContext context;

	private boolean takenBack;

	private @Nullable StoredResponse replay;

	/** Spring MVC's handler of the dispatch that was seen last. */
	private @Nullable Object handler;

	Exchange(CapturingRequest request, CapturingResponse response, ExchangeRules rules) {
		this.request = request;
		this.response = response;
		this.rules = rules;
		request.belongsTo(this);
	}

	static @Nullable Exchange of(HttpServletRequest request) {
		return (Exchange) request.getAttribute(ATTRIBUTE);
	}

	CapturingRequest request() {
		return this.request;
	}

	CapturingResponse response() {
		return this.response;
	}

	/** What will be said of the response. */
	StorageVerdict verdict() {
		return handling().verdict();
	}

	/** What became of the handler. */
	HandlerFate fate() {
		return handling().fate();
	}

	AsyncCycle cycle() {
		return handling().cycle();
	}

	AsyncOutcome asyncOutcome() {
		return handling().outcome();
	}

	/** Made by the thread of the first idempotent handler, before any other knows it. */
	private Handling handling() {
		Handling current = this.handling;
		if (current == null) {
			current = Handling.of(this, new StorageVerdict(this.rules.settings().statuses(), this.rules.policy()));
			this.handling = current;
		}
		return current;
	}

	/** Whether a dispatch of the request is within the filter. */
	boolean isInside() {
		return this.inside;
	}

	/** A dispatch has reached the filter. */
	void beginDispatch(HttpServletRequest dispatched) {
		this.inside = true;
		Handling current = this.handling;
		if (current != null) {
			current.outcome().resume(dispatched);
			current.cycle().enter();
		}
	}

	/**
	 * A dispatch leaves the filter.
	 * @return whether the handler has still to answer
	 */
	boolean leaveDispatch() {
		this.inside = false;
		Handling current = this.handling;
		return current != null && current.cycle().leave();
	}

	/** A dispatch leaves the filter with an exception. */
	void abortDispatch() {
		this.inside = false;
		endExceptionally();
	}

	/** Whether no idempotent handler of this request was called yet. */
	boolean isOpen() {
		return this.state == State.OPEN;
	}

	/** Whether there was an answer already: who asks again has to begin anew. */
	boolean isEnded() {
		return this.state == State.ENDED;
	}

	boolean isReplaying() {
		return this.state == State.REPLAYING;
	}

	/**
	 * Whether a handler is called by Spring MVC, and not by itself or by another handler.
	 * @param mapped the handler that the present dispatch was mapped to
	 */
	boolean isEntry(Object mapped) {
		return this.handler != mapped;
	}

	/** A handler is called by Spring MVC. */
	void enter(@Nullable Object mapped) {
		this.handler = mapped;
	}

	/** The handler is about to run. */
	void execute(Execution newExecution) throws IOException {
		if (newExecution.isClaimed()) {
			// what is not committed must not begin to leave
			HttpSettings settings = this.rules.settings();
			this.response.capture(newExecution.isTransactional() ? Integer.MAX_VALUE : settings.maxResponseSize(),
					settings.excludedHeaders());
		}
		fate().begin();
		this.execution = newExecution;
		this.context = newExecution.context();
		this.takenBack = false;
		this.state = State.EXECUTING;
	}

	/** What the handler may know of its run. */
	@Nullable IdempotencyContext context() {
		return this.context;
	}

	/** The handler's method runs in this thread from now on. */
	MethodScope enterMethod() {
		Execution current = this.execution;
		return (current != null) ? current.enter() : MethodScope.UNOBSERVED;
	}

	/** It threw, or what it promised will not come. */
	void threw(Throwable failure) {
		Execution current = this.execution;
		if (current != null) {
			current.threw(failure);
		}
	}

	/** The handler will not run, an earlier response is sent instead. */
	void replay(StoredResponse stored) {
		this.replay = stored;
		this.state = State.REPLAYING;
		this.response.discard();
	}

	/** An exception is on its way, from the handler or from what comes after it. */
	void failed(@Nullable Exception ex) {
		if (this.state == State.REPLAYING) {
			// something outside the aspect refused the call, so it gets no stored answer
			this.state = State.ENDED;
			this.response.passOn();
		}
		else if (this.handling != null) {
			if (this.response.isAnswered()) {
				// so it is no more than what comes after
				fate().returned();
			}
			fate().failed(ex);
		}
	}

	/**
	 * Spring MVC is done with the request. What is to be taken back of a transaction is
	 * taken back now: what the handler worked with, such as an entity manager, is closed
	 * next.
	 */
	void completed() {
		Execution current = this.execution;
		if (current != null && isTransactional() && Settlement.isError(fate(), this.response)) {
			this.takenBack = true;
			current.takeBack();
		}
	}

	/** The chain has ended with a response. */
	void end() throws IOException {
		Handling current = this.handling;
		if (current == null) {
			this.state = State.ENDED;
			return;
		}
		current.ending().lock();
		try {
			State last = this.state;
			this.state = State.ENDED;
			if (last == State.REPLAYING && this.replay != null) {
				this.response.passOn();
				ResponseReplay.send(this.replay, this.response, this.rules.settings().replayHeader());
			}
			else if (last == State.EXECUTING && this.execution != null) {
				new Settlement(this.execution, this.response, current.fate(), this.takenBack, this.rules)
					.end(this.request, this.handler);
			}
		}
		finally {
			current.ending().unlock();
		}
	}

	/** The chain has ended with an exception, which the container will answer. */
	void endExceptionally() {
		Handling current = this.handling;
		if (current == null) {
			this.state = State.ENDED;
			return;
		}
		current.ending().lock();
		try {
			failed(null);
			if (this.state == State.EXECUTING && this.execution != null) {
				new Settlement(this.execution, this.response, current.fate(), this.takenBack, this.rules)
					.endExceptionally();
			}
			this.state = State.ENDED;
		}
		finally {
			current.ending().unlock();
		}
	}

	/** Whether the handler's transaction ends with the response, in the same thread. */
	boolean isTransactional() {
		Execution current = this.execution;
		return this.state == State.EXECUTING && current != null && current.isTransactional();
	}

}
