package io.idempotency.web;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import io.idempotency.Idempotent;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.context.request.async.WebAsyncTask;
import org.springframework.web.server.ResponseStatusException;

/** Asynchronous handlers whose promise goes wrong. */
final class AsyncHandlers {

	private AsyncHandlers() {
	}

	@RestController
	static class Promises {

		private final TestHandlers.Runs runs;

		Promises(TestHandlers.Runs runs) {
			this.runs = runs;
		}

		/**
		 * Spring MVC interrupts a task that takes too long; not every task hears that.
		 */
		private void passAtLast() {
			CountDownLatch gate = this.runs.gate;
			while (gate.getCount() > 0) {
				try {
					gate.await();
				}
				catch (InterruptedException ex) {
					// goes on with its work
				}
			}
		}

		@Idempotent
		@PostMapping("/async/late-result")
		DeferredResult<String> lateResult() {
			this.runs.count("late-result");
			return new DeferredResult<>(100L);
		}

		@Idempotent
		@PostMapping("/async/late-callable")
		WebAsyncTask<String> lateCallable() {
			this.runs.count("late-callable");
			return new WebAsyncTask<>(100L, () -> {
				passAtLast();
				return "late";
			});
		}

		@Idempotent
		@PostMapping("/async/fallback")
		WebAsyncTask<ResponseEntity<String>> fallback() {
			int run = this.runs.count("fallback");
			WebAsyncTask<ResponseEntity<String>> task = new WebAsyncTask<>(100L, () -> {
				passAtLast();
				return ResponseEntity.ok("late");
			});
			task.onTimeout(() -> ResponseEntity.accepted().body("ask again for run " + run));
			return task;
		}

		@Idempotent
		@PostMapping("/async/gives-up")
		DeferredResult<String> givesUp() {
			this.runs.count("gives-up");
			DeferredResult<String> result = new DeferredResult<>(100L);
			result.onTimeout(() -> result.setErrorResult(new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE)));
			return result;
		}

		@Idempotent
		@PostMapping("/async/unwritable")
		CompletableFuture<TestHandlers.Unwritable> unwritable() {
			this.runs.count("async-unwritable");
			return CompletableFuture.completedFuture(new TestHandlers.Unwritable());
		}

		@Idempotent
		@PostMapping("/async/never-completed")
		void neverCompleted(HttpServletRequest request) {
			this.runs.count("never-completed");
			request.startAsync().setTimeout(100);
		}

		@Idempotent
		@PostMapping("/async/declared-as-object")
		Object declaredAsObject() {
			int run = this.runs.count("declared-as-object");
			return (Callable<String>) () -> "run " + run;
		}

		@Idempotent
		@PostMapping("/async/nothing")
		Callable<String> nothing() {
			this.runs.count("async-nothing");
			return null;
		}

		@Idempotent
		@PostMapping("/async/completed-at-once")
		void completedAtOnce(HttpServletRequest request) throws IOException {
			AsyncContext context = request.startAsync();
			HttpServletResponse response = (HttpServletResponse) context.getResponse();
			response.getWriter().write("run " + this.runs.count("completed-at-once"));
			request.getAsyncContext().complete();
		}

		@PostMapping("/async/dispatching")
		void dispatching(HttpServletRequest request) {
			request.startAsync().dispatch("/async/dispatched");
		}

		@Idempotent
		@PostMapping("/async/dispatched")
		String dispatched() {
			return "run " + this.runs.count("dispatched");
		}

		@Idempotent
		@PostMapping("/async/slow")
		Callable<String> slow() {
			return () -> {
				int run = this.runs.count("async-slow");
				this.runs.pass();
				return "run " + run;
			};
		}

		@Idempotent
		@PostMapping("/async/slow-result")
		DeferredResult<String> slowResult() {
			int run = this.runs.count("slow-result");
			DeferredResult<String> result = new DeferredResult<>(20_000L);
			CompletableFuture.runAsync(() -> {
				this.runs.pass();
				result.setResult("run " + run);
			});
			return result;
		}

		@Idempotent
		@PostMapping("/async/slow-context")
		void slowContext(HttpServletRequest request) {
			int run = this.runs.count("slow-context");
			AsyncContext started = request.startAsync();
			// a server that is told before the dispatch ends may leave it to the timeout
			started.setTimeout(3_000);
			started.addListener(new AsyncListener() {

				@Override
				public void onComplete(AsyncEvent event) {
				}

				@Override
				public void onTimeout(AsyncEvent event) {
				}

				@Override
				public void onError(AsyncEvent event) {
					event.getAsyncContext().complete();
				}

				@Override
				public void onStartAsync(AsyncEvent event) {
				}

			});
			CompletableFuture.runAsync(() -> {
				this.runs.pass();
				this.runs.count("slow-context-" + run);
			});
		}

		@PostMapping("/async/unprotected")
		Callable<String> unprotected() {
			return () -> "run " + this.runs.count("async-unprotected");
		}

	}

}
