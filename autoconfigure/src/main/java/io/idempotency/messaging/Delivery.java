package io.idempotency.messaging;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * One attempt of a container to have a message processed. Belongs to the thread that
 * processes it.
 */
public final class Delivery {

	private final Predicate<Object> origin;

	private final IncomingMessage message;

	private final Supplier<@Nullable Object> transaction;

	private final List<Waiting> waiting = new ArrayList<>();

	private final Map<String, @Nullable Object[]> processed = new HashMap<>();

	private record Waiting(Object transaction, Settlement settlement) {
	}

	/**
	 * @param origin tells the message, whatever its container has made of it
	 * @param message as the door reads it
	 * @param transaction gives what stands for the container's transaction, if there is
	 * one around the caller whose end is told by {@link #committed} or
	 * {@link #notCommitted}
	 */
	public Delivery(Predicate<Object> origin, IncomingMessage message, Supplier<@Nullable Object> transaction) {
		this.origin = origin;
		this.message = message;
		this.transaction = transaction;
	}

	IncomingMessage message() {
		return this.message;
	}

	boolean isOf(Object other) {
		return this.origin.test(other);
	}

	@Nullable Object transaction() {
		return this.transaction.get();
	}

	void settleAfter(Object enclosing, Settlement settlement) {
		this.waiting.add(new Waiting(enclosing, settlement));
	}

	/** Whether anything waits for the end of a transaction. */
	public boolean isAwaiting(@Nullable Object enclosing) {
		return this.waiting.stream().anyMatch((settlement) -> settlement.transaction() == enclosing);
	}

	/** The transaction was committed: what waits for it took effect. */
	public void committed(@Nullable Object enclosing) {
		take(enclosing).forEach(Settlement::committed);
	}

	/** The transaction was rolled back, or nobody knows whether it was committed. */
	public void notCommitted(@Nullable Object enclosing) {
		take(enclosing).forEach(Settlement::notCommitted);
	}

	private List<Settlement> take(@Nullable Object enclosing) {
		List<Settlement> taken = new ArrayList<>();
		for (Iterator<Waiting> left = this.waiting.iterator(); left.hasNext();) {
			Waiting next = left.next();
			if (next.transaction() == enclosing) {
				left.remove();
				taken.add(next.settlement());
			}
		}
		return taken;
	}

	/** The delivery is over: whatever still waits was not told of any commit. */
	void end() {
		List<Waiting> left = List.copyOf(this.waiting);
		this.waiting.clear();
		left.forEach((settlement) -> settlement.settlement().notCommitted());
	}

	/**
	 * Whether a call may have the message's own key. It may not if another call did that
	 * brought something else: a loop over a listener's method has one message, and many
	 * things to do.
	 * @param same compares what two calls bring
	 */
	boolean isFirstOrSame(String operation, @Nullable Object[] asked,
			BiPredicate<@Nullable Object[], @Nullable Object[]> same) {
		@Nullable Object[] earlier = this.processed.putIfAbsent(operation, asked);
		return earlier == null || same.test(earlier, asked);
	}

}
