package io.idempotency.aop;

import java.lang.reflect.Type;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.idempotency.Fingerprint;
import io.idempotency.IdempotencyContext;
import io.idempotency.IdempotencyException;
import io.idempotency.IdempotencyTemplate.Work;
import io.idempotency.IdempotentOperation;
import io.idempotency.KeyMissingException;
import io.idempotency.ResponseNotKeptException;
import io.idempotency.StoredResult;
import io.idempotency.engine.Attempt;
import io.idempotency.engine.Execution;
import io.idempotency.engine.IdempotencyEngine;
import io.idempotency.engine.IdempotentCall;
import io.idempotency.engine.MethodScope;
import io.idempotency.engine.Replay;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ResolvableType;

/**
 * Calls that return a value, which is stored as JSON of its type. Their scope is the same
 * for all callers. For doors and the template; for all threads.
 */
public final class ValueCalls {

	private static final Log logger = LogFactory.getLog(ValueCalls.class);

	private static final String SCOPE = "";

	private final IdempotencyEngine engine;

	private final ValueCodec codec = new ValueCodec();

	/** What a call asks for, found out only when it has a key. */
	public interface Asked {

		/** Values that JSON can hold; another call with the key has to bring the same. */
		@Nullable Object[] values();

	}

	/**
	 * @param engine decides
	 */
	public ValueCalls(IdempotencyEngine engine) {
		this.engine = engine;
	}

	/**
	 * Runs the work once for the key, or gives what it returned before.
	 * @param key what makes two calls the same, if there is one
	 * @param asked is compared with what earlier calls asked for
	 * @param type of the value, or of a promise of it
	 * @param settling is told when the work has returned; a promise that is kept is
	 * settled at once
	 * @return what the caller gets
	 * @throws IdempotencyException if the call is refused; for a promise it fails with it
	 * @throws X what the work throws, unchanged
	 */
	public <X extends Throwable> @Nullable Object call(IdempotentOperation operation, @Nullable Object key, Asked asked,
			Type type, Work<?, X> work, Settling settling) throws X {
		if (!(type instanceof Class<?>) && PromisedValue.isPromise(ResolvableType.forType(type).toClass())) {
			return promise(operation, key, asked, type, work);
		}
		Attempt attempt = begin(operation, key, asked);
		return (attempt instanceof Replay replay)
				? replay.read((result) -> replay(operation, type, result, replay.record()))
				: run(operation, type, work, (Execution) attempt, settling);
	}

	/** As the value of a promise comes with it, so does a refusal. */
	@SuppressWarnings("FutureReturnValueIgnored") // the caller gets it
	private <X extends Throwable> @Nullable Object promise(IdempotentOperation operation, @Nullable Object key,
			Asked asked, Type type, Work<?, X> work) throws X {
		Type promised = Objects.requireNonNull(PromisedValue.type(type), "A promise says of what");
		Execution execution;
		try {
			Attempt attempt = begin(operation, key, asked);
			if (attempt instanceof Replay replay) {
				return CompletableFuture
					.completedFuture(replay.read((result) -> replay(operation, promised, result, replay.record())));
			}
			execution = (Execution) attempt;
		}
		catch (IdempotencyException ex) {
			return CompletableFuture.failedFuture(ex);
		}
		return promise(operation, promised, work, execution);
	}

	private Attempt begin(IdempotentOperation operation, @Nullable Object key, Asked asked) {
		String text = (key != null) ? key.toString() : "";
		if (!text.isBlank()) {
			return this.engine
				.begin(new IdempotentCall(operation, SCOPE, text, fingerprint(operation, asked.values())));
		}
		if (operation.required()) {
			throw this.engine.refused(new KeyMissingException(operation.name()));
		}
		return this.engine.unprotected(operation);
	}

	private Fingerprint fingerprint(IdempotentOperation operation, @Nullable Object[] values) {
		try {
			return this.codec.fingerprint(values);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalStateException("The arguments of " + operation.name()
					+ " cannot be compared with those of another call. Choose what can: with"
					+ " @Idempotent(fingerprint = ...), or what the template is given as fingerprint", ex);
		}
	}

	private <X extends Throwable> @Nullable Object run(IdempotentOperation operation, Type type, Work<?, X> work,
			Execution execution, Settling settling) throws X {
		Object result;
		try {
			result = runBound(work, execution);
			execution.flush();
		}
		catch (Throwable ex) {
			failed(execution, ex);
			throw ex;
		}
		complete(operation, type, result, execution, settling);
		return result;
	}

	@SuppressWarnings("FutureReturnValueIgnored") // the caller gets it
	private <X extends Throwable> @Nullable Object promise(IdempotentOperation operation, Type type, Work<?, X> work,
			Execution execution) throws X {
		Object promise;
		try {
			promise = runBound(work, execution);
		}
		catch (Throwable ex) {
			failed(execution, ex);
			throw ex;
		}
		if (!(promise instanceof CompletionStage<?> stage)) {
			// no promise at all: whoever called finds that out
			execution.fail();
			return promise;
		}
		return PromisedValue.watch(stage, (value) -> complete(operation, type, value, execution, Settling.AT_ONCE),
				(failure) -> failed(execution, failure));
	}

	private static void failed(Execution execution, Throwable failure) {
		execution.threw(failure);
		execution.fail();
	}

	private static <X extends Throwable> @Nullable Object runBound(Work<?, X> work, Execution execution) throws X {
		IdempotencyContext former = IdempotencyContext.exchange(execution.context());
		MethodScope scope = execution.enter();
		try {
			return work.run();
		}
		finally {
			scope.close();
			IdempotencyContext.exchange(former);
		}
	}

	private void complete(IdempotentOperation operation, Type type, @Nullable Object result, Execution execution,
			Settling settling) {
		StoredResult stored;
		try {
			stored = execution.isClaimed() ? stored(operation, type, result, execution) : StoredResult.notKept();
		}
		catch (RuntimeException | Error ex) {
			// whatever its class does when it is written, the claim is settled
			execution.completeUnanswered();
			throw ex;
		}
		settling.settle(execution, stored);
	}

	private StoredResult stored(IdempotentOperation operation, Type type, @Nullable Object result,
			Execution execution) {
		try {
			return StoredResult.of(this.codec.write(result, type));
		}
		catch (IllegalArgumentException ex) {
			// the method took effect: the key stays taken, whatever its result is made of
			logger.error("The result of " + operation.name() + " cannot be stored: duplicates of this call are refused."
					+ " Record " + execution.record(), ex);
			return StoredResult.notKept();
		}
	}

	private @Nullable Object replay(IdempotentOperation operation, Type type, StoredResult result, String record) {
		try {
			return this.codec.read(result.payload(), type);
		}
		catch (IllegalArgumentException ex) {
			logger.error("A stored result of " + operation.name()
					+ " does not fit its return type, so it cannot be replayed. Record " + record, ex);
			throw new ResponseNotKeptException(operation.name());
		}
	}

}
