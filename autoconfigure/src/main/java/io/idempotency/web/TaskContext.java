package io.idempotency.web;

import java.util.concurrent.Callable;

import io.idempotency.IdempotencyContext;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.async.CallableProcessingInterceptor;
import org.springframework.web.context.request.async.WebAsyncUtils;

/**
 * Takes the context of one handler to the thread in which Spring MVC runs what that
 * handler returned: a {@link Callable}, or one in a {@code WebAsyncTask}. Does not look
 * at the request there, which may be over and used for another one by then.
 */
final class TaskContext implements CallableProcessingInterceptor {

	private final IdempotencyContext context;

	private @Nullable IdempotencyContext former;

	private TaskContext(IdempotencyContext context) {
		this.context = context;
	}

	/** Spring MVC is about to begin the task of a request. */
	static void carry(@Nullable IdempotencyContext context, HttpServletRequest request) {
		if (context != null) {
			WebAsyncUtils.getAsyncManager(request)
				.registerCallableInterceptor(TaskContext.class, new TaskContext(context));
		}
	}

	@Override
	public <T> void preProcess(NativeWebRequest request, Callable<T> task) {
		this.former = IdempotencyContext.exchange(this.context);
	}

	@Override
	public <T> void postProcess(NativeWebRequest request, Callable<T> task, @Nullable Object result) {
		IdempotencyContext.exchange(this.former);
	}

}
