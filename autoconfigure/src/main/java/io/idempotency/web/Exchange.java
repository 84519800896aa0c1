package io.idempotency.web;

import java.io.IOException;

import io.idempotency.StoredResult;
import io.idempotency.engine.Execution;
import jakarta.servlet.http.HttpServletRequest;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * One request and its response, from the filter's first to its last line. The door says
 * what became of the claim, and the filter ends the exchange when the response is whole.
 * Used by one thread at a time.
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

	private final StorageVerdict verdict;

	private State state = State.OPEN;

	private @Nullable Execution execution;

	private @Nullable StoredResponse replay;

	/** The handler's method returned without an exception. */
	private boolean returned;

	/** Something failed after that: the method took effect, its answer is lost. */
	private boolean failedAfterReturn;

	Exchange(CapturingRequest request, CapturingResponse response, HttpSettings settings, StorageVerdict verdict) {
		this.request = request;
		this.response = response;
		this.settings = settings;
		this.verdict = verdict;
	}

	static @Nullable Exchange of(HttpServletRequest request) {
		return (Exchange) request.getAttribute(ATTRIBUTE);
	}

	CapturingRequest request() {
		return this.request;
	}

	/** What will be said of the response. */
	StorageVerdict verdict() {
		return this.verdict;
	}

	/** Whether no handler of this request was called yet. */
	boolean isOpen() {
		return this.state == State.OPEN;
	}

	boolean isReplaying() {
		return this.state == State.REPLAYING;
	}

	/** The handler is about to run. */
	void execute(Execution newExecution) throws IOException {
		if (newExecution.isClaimed()) {
			this.response.capture(this.settings.maxResponseSize(), this.settings.excludedHeaders());
		}
		this.execution = newExecution;
		this.state = State.EXECUTING;
	}

	/** The handler will not run, an earlier response is sent instead. */
	void replay(StoredResponse stored) {
		this.replay = stored;
		this.state = State.REPLAYING;
		this.response.discard();
	}

	/** The handler's method has returned. */
	void returned() {
		this.returned = true;
	}

	/** An exception is on its way, from the handler or from what comes after it. */
	void failed(@Nullable Exception ex) {
		if (this.state == State.REPLAYING) {
			// something outside the aspect refused the call, so it gets no stored answer
			this.state = State.ENDED;
			this.response.passOn();
		}
		else if (this.returned) {
			this.failedAfterReturn = true;
		}
		else {
			this.verdict.threw(ex);
		}
	}

	/** The chain has ended with a response. */
	void end() throws IOException {
		State ending = this.state;
		this.state = State.ENDED;
		if (ending == State.REPLAYING && this.replay != null) {
			this.response.passOn();
			ResponseReplay.send(this.replay, this.response, this.settings.replayHeader());
		}
		else if (ending == State.EXECUTING && this.execution != null) {
			settle(this.execution);
		}
	}

	/** The chain has ended with an exception, which the container will answer. */
	void endExceptionally() {
		failed(null);
		if (this.state == State.EXECUTING && this.execution != null) {
			if (this.returned) {
				this.execution.complete(StoredResult.notKept());
			}
			else {
				this.execution.release();
			}
			this.response.passOn();
		}
		this.state = State.ENDED;
	}

	private void settle(Execution current) throws IOException {
		if (!current.isClaimed()) {
			current.release();
			return;
		}
		this.response.finishBody();
		boolean done = this.verdict.isStored(this.response, this.failedAfterReturn);
		if (done || this.failedAfterReturn) {
			StoredResult result = StoredResult.notKept();
			try {
				result = done ? result() : result;
			}
			finally {
				// the handler took effect, so the key stays taken whatever is wrong with
				// us
				current.complete(result);
			}
		}
		else {
			current.release();
		}
		this.response.release();
	}

	private StoredResult result() {
		if (this.response.isSpilled() || this.request.isAsyncStarted()) {
			logger.debug("A response is not kept: it is too large, or will be written later");
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
