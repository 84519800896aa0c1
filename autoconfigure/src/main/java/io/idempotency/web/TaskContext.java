package io.idempotency.web;

import java.util.concurrent.Callable;

import io.idempotency.IdempotencyContext;
import io.idempotency.engine.Execution;
import io.idempotency.engine.MethodScope;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.async.CallableProcessingInterceptor;
import org.springframework.web.context.request.async.WebAsyncUtils;

/**
 * Takes the context and the observation of one handler to the thread in which Spring MVC
 * runs what that handler returned: a {@link Callable}, or one in a {@code WebAsyncTask}.
 * Does not look at the request there, which may be over and used for another one by then.
 */
final class TaskContext implements CallableProcessingInterceptor {

	private final @Nullable IdempotencyContext context;

	private final Execution execution;

	private @Nullable IdempotencyContext former;

	private MethodScope scope = MethodScope.UNOBSERVED;

	private TaskContext(@Nullable IdempotencyContext context, Execution execution) {
		this.context = context;
		this.execution = execution;
	}

	/** Spring MVC is about to begin the task of a request. */
	static void carry(@Nullable IdempotencyContext context, Execution execution, HttpServletRequest request) {
		WebAsyncUtils.getAsyncManager(request)
			.registerCallableInterceptor(TaskContext.class, new TaskContext(context, execution));
	}

	@Override
	public <T> void preProcess(NativeWebRequest request, Callable<T> task) {
		this.former = IdempotencyContext.exchange(this.context);
		this.scope = this.execution.enter();
	}

	@Override
	public <T> void postProcess(NativeWebRequest request, Callable<T> task, @Nullable Object result) {
		this.scope.close();
		IdempotencyContext.exchange(this.former);
	}

}
