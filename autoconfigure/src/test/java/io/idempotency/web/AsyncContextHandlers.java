package io.idempotency.web;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;

import io.idempotency.Idempotent;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** Each handler once as it is, and once idempotent. */
@RestController
class AsyncContextHandlers {

	private static final String VALUE = AsyncContextHandlers.class.getName();

	private final TestHandlers.Runs runs;

	AsyncContextHandlers(TestHandlers.Runs runs) {
		this.runs = runs;
	}

	private static void write(AsyncContext context, String text) throws IOException {
		HttpServletResponse response = (HttpServletResponse) context.getResponse();
		response.setStatus(HttpServletResponse.SC_ACCEPTED);
		response.setContentType("text/plain");
		response.getWriter().write(text);
	}

	@PostMapping("/plain/listener-completes")
	void plainListenerCompletes(HttpServletRequest request) {
		String text = "run " + this.runs.count("listener-completes");
		AsyncContext started = request.startAsync();
		started.setTimeout(100);
		started.addListener(new TimeoutListener() {

			@Override
			public void onTimeout(AsyncEvent event) throws IOException {
				write(event.getAsyncContext(), text);
				event.getAsyncContext().complete();
			}

		});
	}

	@Idempotent
	@PostMapping("/idempotent/listener-completes")
	void listenerCompletes(HttpServletRequest request) {
		plainListenerCompletes(request);
	}

	@PostMapping("/plain/listener-dispatches")
	void plainListenerDispatches(HttpServletRequest request) {
		request.setAttribute(VALUE, "run " + this.runs.count("listener-dispatches"));
		AsyncContext started = request.startAsync();
		started.setTimeout(100);
		started.addListener(new TimeoutListener() {

			@Override
			public void onTimeout(AsyncEvent event) {
				event.getAsyncContext().dispatch("/plain/target");
			}

		});
	}

	@Idempotent
	@PostMapping("/idempotent/listener-dispatches")
	void listenerDispatches(HttpServletRequest request) {
		plainListenerDispatches(request);
	}

	@Idempotent
	@PostMapping("/idempotent/timed-out-unavailable")
	void timedOutUnavailable(HttpServletRequest request) {
		this.runs.count("timed-out-unavailable");
		AsyncContext started = request.startAsync();
		started.setTimeout(100);
		started.addListener(new TimeoutListener() {

			@Override
			public void onTimeout(AsyncEvent event) {
				((HttpServletResponse) event.getAsyncContext().getResponse())
					.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
				event.getAsyncContext().complete();
			}

		});
	}

	@Idempotent
	@PostMapping("/idempotent/timed-out-dispatch")
	void timedOutDispatch(HttpServletRequest request) {
		this.runs.count("timed-out-dispatch");
		AsyncContext started = request.startAsync();
		started.setTimeout(100);
		started.addListener(new TimeoutListener() {

			@Override
			public void onTimeout(AsyncEvent event) {
				event.getAsyncContext().dispatch("/plain/unavailable");
			}

		});
	}

	@PostMapping("/plain/unavailable")
	void unavailable(HttpServletResponse response) {
		response.setStatus(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
	}

	@PostMapping("/plain/target")
	String target(HttpServletRequest request) {
		return String.valueOf(request.getAttribute(VALUE));
	}

	@PostMapping("/plain/written-after-complete")
	void plainWrittenAfterComplete(HttpServletRequest request, HttpServletResponse response) throws IOException {
		int run = this.runs.count("written-after-complete");
		AsyncContext started = request.startAsync(request, response);
		write(started, "run ");
		started.complete();
		response.getWriter().write(String.valueOf(run));
	}

	@Idempotent
	@PostMapping("/idempotent/written-after-complete")
	void writtenAfterComplete(HttpServletRequest request, HttpServletResponse response) throws IOException {
		plainWrittenAfterComplete(request, response);
	}

	@PostMapping("/plain/completed-later")
	void plainCompletedLater(HttpServletRequest request) {
		String text = "run " + this.runs.count("completed-later");
		AsyncContext started = request.startAsync();
		started.start(() -> {
			try {
				write(started, text);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			finally {
				started.complete();
			}
		});
	}

	@Idempotent
	@PostMapping("/idempotent/completed-later")
	void completedLater(HttpServletRequest request) {
		plainCompletedLater(request);
	}

	@PostMapping("/plain/dispatches-to-itself")
	void plainDispatchesToItself(HttpServletRequest request, HttpServletResponse response) throws IOException {
		Object value = request.getAttribute(VALUE);
		if (value != null) {
			response.getWriter().write(value.toString());
			return;
		}
		String text = "run " + this.runs.count("dispatches-to-itself");
		AsyncContext started = request.startAsync(request, response);
		started.start(() -> {
			started.getRequest().setAttribute(VALUE, text);
			started.dispatch();
		});
	}

	@Idempotent
	@PostMapping("/idempotent/dispatches-to-itself")
	void dispatchesToItself(HttpServletRequest request, HttpServletResponse response) throws IOException {
		plainDispatchesToItself(request, response);
	}

	@PostMapping("/plain/callable")
	Callable<String> plainCallable() {
		return () -> "run " + this.runs.count("callable");
	}

	@Idempotent
	@PostMapping("/idempotent/callable")
	Callable<String> callable() {
		return plainCallable();
	}

	@Idempotent
	@PostMapping("/idempotent/task")
	Callable<String> task() {
		return () -> "run " + this.runs.count("task");
	}

	@Idempotent
	@PostMapping("/idempotent/whole")
	String whole() {
		return "run " + this.runs.count("whole");
	}

	@Idempotent
	@PostMapping("/idempotent/future")
	CompletableFuture<String> future() {
		int run = this.runs.count("future");
		return CompletableFuture.supplyAsync(() -> {
			this.runs.pass();
			return "charged " + run;
		});
	}

	/** Listens for a timeout alone. */
	private abstract static class TimeoutListener implements AsyncListener {

		@Override
		public void onComplete(AsyncEvent event) {
		}

		@Override
		public void onError(AsyncEvent event) {
		}

		@Override
		public void onStartAsync(AsyncEvent event) {
		}

	}

}
