package io.idempotency.engine;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

import io.idempotency.IdempotencyTemplate.Task;
import io.idempotency.observation.PositionOutcome;
import io.idempotency.store.HighWaterMarkStore;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.StreamKey;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The marks of a store that writes each when its position is done. A mark that the store
 * does not take is owed: the position took effect and is not to be delivered again, so
 * its caller learns nothing of it, and the mark is written before the stream's next
 * position is handled. So no stream is ever more than one position ahead of its mark.
 */
final class SeparateMarks implements StreamMarks {

	private static final Log logger = LogFactory.getLog(SeparateMarks.class);

	/** With as many streams that owe, no other begins before one of them has paid. */
	private static final int MOST_OWED = 10_000;

	/** As often may another consumer advance a mark while this one wants to. */
	private static final int ATTEMPTS = 10;

	private final HighWaterMarkStore store;

	private final Map<StreamKey, Long> owed = new ConcurrentHashMap<>();

	SeparateMarks(HighWaterMarkStore store) {
		this.store = store;
	}

	@Override
	public OptionalLong read(StreamStep step) {
		return this.store.read(step.stream());
	}

	@Override
	public <X extends Throwable> boolean handle(StreamStep step, Task<X> work) throws X {
		OptionalLong began = begin(step);
		if (!isBelow(began, step.position())) {
			step.ended(PositionOutcome.REPLAYED);
			return false;
		}
		try {
			work.run();
		}
		catch (Throwable ex) {
			step.ended(PositionOutcome.FAILED);
			throw ex;
		}
		step.ended(done(step, began));
		return true;
	}

	private OptionalLong begin(StreamStep step) {
		try {
			OptionalLong mark = this.store.read(step.stream());
			Long due = this.owed.get(step.stream());
			if (due == null) {
				if (this.owed.size() >= MOST_OWED) {
					payAny();
				}
				return mark;
			}
			OptionalLong paid = pay(step.stream(), mark, due);
			this.owed.remove(step.stream());
			return paid;
		}
		catch (IdempotencyStoreException ex) {
			throw step.unavailable(ex);
		}
	}

	/** Some of those that owe may never come again. */
	private void payAny() {
		for (Map.Entry<StreamKey, Long> debt : this.owed.entrySet()) {
			pay(debt.getKey(), this.store.read(debt.getKey()), debt.getValue());
			this.owed.remove(debt.getKey(), debt.getValue());
			return;
		}
	}

	private OptionalLong pay(StreamKey stream, OptionalLong found, long due) {
		OptionalLong mark = found;
		for (int i = 0; i < ATTEMPTS && isBelow(mark, due); i++) {
			mark = this.store.advance(stream, mark, due) ? OptionalLong.of(due) : this.store.read(stream);
		}
		if (isBelow(mark, due)) {
			throw restless();
		}
		return mark;
	}

	private PositionOutcome done(StreamStep step, OptionalLong began) {
		try {
			return advance(step.stream(), began, step.position());
		}
		catch (IdempotencyStoreException ex) {
			logger.warn("A position of " + step.operation() + " was done and its mark was not written: that is made up"
					+ " for before the next one of its stream. Until then a redelivery to another process does it again: "
					+ ex.getMessage() + ". Mark " + step.stream().digest());
			this.owed.put(step.stream(), step.position());
			return PositionOutcome.UNMARKED;
		}
	}

	/** Advances from wherever the mark is by now: what is below was done in order. */
	private PositionOutcome advance(StreamKey stream, OptionalLong began, long position) {
		PositionOutcome outcome = PositionOutcome.EXECUTED;
		OptionalLong expected = began;
		for (int i = 0; i < ATTEMPTS; i++) {
			if (this.store.advance(stream, expected, position)) {
				return outcome;
			}
			expected = this.store.read(stream);
			if (!isBelow(expected, position)) {
				return PositionOutcome.REGRESSED;
			}
			outcome = PositionOutcome.CONFLICT;
		}
		throw restless();
	}

	private static boolean isBelow(OptionalLong mark, long position) {
		return mark.isEmpty() || mark.getAsLong() < position;
	}

	private static IdempotencyStoreException restless() {
		return new IdempotencyStoreException("A mark changed again and again while it was to be advanced", null, true);
	}

}
