package io.idempotency.web;

import java.io.IOException;

import io.idempotency.StoredResult;
import io.idempotency.engine.Execution;
import jakarta.servlet.http.HttpServletRequest;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response, from the filter's first to its last line, through all
 * dispatches. The door says what became of the claim, and whoever ends the response, the
 * filter or an asynchronous handler, ends the exchange. Used by one thread after another;
 * only its end may be asked for by two at once, a container's and the handler's.
 */
final class Exchange {

	static final String ATTRIBUTE = Exchange.class.getName();

	private static final Log logger = LogFactory.getLog(Exchange.class);

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

	private final HttpSettings settings;

	private final @Nullable ResponseStoragePolicy policy;

	private volatile State state = State.OPEN;

	private volatile @Nullable Handling handling;

	private volatile boolean inside;

	private @Nullable Execution execution;

	private @Nullable StoredResponse replay;

	/** Spring MVC's handler of the dispatch that was seen last. */
	private @Nullable Object handler;

	Exchange(CapturingRequest request, CapturingResponse response, HttpSettings settings,
			@Nullable ResponseStoragePolicy policy) {
		this.request = request;
		this.response = response;
		this.settings = settings;
		this.policy = policy;
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
			current = Handling.of(this, new StorageVerdict(this.settings.statuses(), this.policy));
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
			this.response.capture(this.settings.maxResponseSize(), this.settings.excludedHeaders());
		}
		fate().begin();
		this.execution = newExecution;
		this.state = State.EXECUTING;
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
				ResponseReplay.send(this.replay, this.response, this.settings.replayHeader());
			}
			else if (last == State.EXECUTING && this.execution != null) {
				settle(this.execution);
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
				settle(this.execution, current.fate().afterException());
				this.response.passOn();
			}
			this.state = State.ENDED;
		}
		finally {
			current.ending().unlock();
		}
	}

	private void settle(Execution current) throws IOException {
		if (!current.isClaimed()) {
			current.release();
			return;
		}
		HandlerFate.Key key = HandlerFate.Key.DONE;
		try {
			this.response.finishBody();
			key = fate().after(this.response);
		}
		finally {
			// whatever is wrong with the response, the claim is settled
			settle(current, key);
		}
		this.response.release();
	}

	private void settle(Execution current, HandlerFate.Key key) {
		switch (key) {
			case STORED -> store(current);
			case DONE -> current.complete(StoredResult.notKept());
			case FAILED -> current.fail();
			case FREE -> current.release();
		}
	}

	private void store(Execution current) {
		StoredResult result = StoredResult.notKept();
		try {
			result = result();
		}
		finally {
			// the handler took effect: its key stays taken whatever is wrong with us
			current.complete(result);
		}
	}

	private StoredResult result() {
		if (this.response.isSpilled()) {
			logger.debug("A response is not kept: it is too large");
			return StoredResult.notKept();
		}
		try {
			return ResponseCodec.write(this.response.captured());
		}
		catch (RuntimeException ex) {
			logger.error("A response could not be kept", ex);
			return StoredResult.notKept();
		}
	}

}
