package io.idempotency.test;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

import io.idempotency.IdempotencyException;
import org.jspecify.annotations.Nullable;

/**
 * Checks that what is sent again and again happens once: counts effects, such as rows of
 * a ledger, before and after.
 */
public final class DuplicateCheck {

	private final LongSupplier effects;

	private DuplicateCheck(LongSupplier effects) {
		this.effects = effects;
	}

	/**
	 * A check of calls that have an effect.
	 * @param effects how many effects there are by now
	 */
	public static DuplicateCheck counting(LongSupplier effects) {
		return new DuplicateCheck(effects);
	}

	/**
	 * Makes a call, and the same call once more.
	 * @return both answers
	 * @throws AssertionError if the first had no effect or several, or the second had one
	 * @throws Exception what the call threw
	 */
	public <T extends @Nullable Object> List<T> sentTwice(Callable<T> call) throws Exception {
		long before = this.effects.getAsLong();
		List<T> answers = new ArrayList<>();
		answers.add(call.call());
		long once = this.effects.getAsLong() - before;
		require(once == 1, "The first call had " + once + " effects instead of one");
		answers.add(call.call());
		long twice = this.effects.getAsLong() - before;
		require(twice == 1, "Sent twice, it happened " + twice + " times");
		return answers;
	}

	/**
	 * Makes the same call from several threads at once.
	 * @param times how often
	 * @return the answers; duplicates that were refused, by an
	 * {@link IdempotencyException}, have none
	 * @throws AssertionError if there was no effect or several, or every call was refused
	 * @throws Exception what a call threw but for refusals
	 */
	public <T extends @Nullable Object> List<T> sentAtOnce(int times, Callable<T> call) throws Exception {
		long before = this.effects.getAsLong();
		CountDownLatch start = new CountDownLatch(1);
		ExecutorService threads = Executors.newFixedThreadPool(times);
		List<T> answers = new ArrayList<>();
		try {
			List<Future<T>> calls = Stream.generate(() -> threads.submit(() -> {
				start.await();
				return call.call();
			})).limit(times).toList();
			start.countDown();
			for (Future<T> made : calls) {
				collect(made, answers);
			}
		}
		finally {
			threads.shutdownNow();
		}
		long happened = this.effects.getAsLong() - before;
		require(happened == 1, "Sent " + times + " times at once, it happened " + happened + " times");
		require(!answers.isEmpty(), "Sent " + times + " times at once, it was never answered");
		return answers;
	}

	private static <T extends @Nullable Object> void collect(Future<T> made, List<T> answers) throws Exception {
		try {
			answers.add(made.get());
		}
		catch (ExecutionException ex) {
			if (ex.getCause() instanceof IdempotencyException) {
				return;
			}
			if (ex.getCause() instanceof Exception failure) {
				throw failure;
			}
			throw ex;
		}
	}

	private static void require(boolean met, String otherwise) {
		if (!met) {
			throw new AssertionError(otherwise);
		}
	}

}
