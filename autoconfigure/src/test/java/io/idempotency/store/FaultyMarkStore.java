package io.idempotency.store;

import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;

/** The simplest store of marks there is, with one fault of choice. */
final class FaultyMarkStore implements HighWaterMarkStore {

	/** How such stores go wrong. */
	enum Fault {

		NONE, ADVANCE_IN_TWO_STEPS, ADVANCE_WITHOUT_COMPARING, BACKWARD, FIRST_MARK_OVERWRITES,
		MISSING_MARK_IS_EXPECTED, MISSING_MARK_IS_ZERO, LOWEST_IS_MISSING, POSITIONS_AS_DOUBLES, POSITIONS_AS_INTS,
		POSITIONS_WITHOUT_SIGN, KEYS_WITHOUT_CASE, READS_FROM_A_REPLICA, ADVANCE_SAYS_NOTHING, REPEATED_ADVANCE_SUCCEEDS

	}

	private final Map<String, Long> marks = new ConcurrentHashMap<>();

	private final Map<String, Long> replica = new ConcurrentHashMap<>();

	private final Fault fault;

	FaultyMarkStore(Fault fault) {
		this.fault = fault;
	}

	@Override
	public OptionalLong read(StreamKey stream) {
		Map<String, Long> source = (this.fault == Fault.READS_FROM_A_REPLICA) ? this.replica : this.marks;
		Long mark = source.get(name(stream));
		if (mark == null) {
			return (this.fault == Fault.MISSING_MARK_IS_ZERO) ? OptionalLong.of(0) : OptionalLong.empty();
		}
		return (this.fault == Fault.LOWEST_IS_MISSING && mark == Long.MIN_VALUE) ? OptionalLong.empty()
				: OptionalLong.of(mark);
	}

	@Override
	public boolean advance(StreamKey stream, OptionalLong expected, long position) {
		if (this.fault != Fault.BACKWARD) {
			HighWaterMarkStore.requireForward(expected, position);
		}
		if (this.fault == Fault.ADVANCE_IN_TWO_STEPS) {
			Long found = this.marks.get(name(stream));
			Thread.yield();
			return advance(stream, found, expected, position);
		}
		synchronized (this) {
			return advance(stream, this.marks.get(name(stream)), expected, position);
		}
	}

	private boolean advance(StreamKey stream, Long found, OptionalLong expected, long position) {
		if (this.fault == Fault.REPEATED_ADVANCE_SUCCEEDS && found != null && found == position) {
			return true;
		}
		if (!isExpected(found, expected)) {
			return this.fault == Fault.ADVANCE_SAYS_NOTHING;
		}
		if (found != null) {
			this.replica.put(name(stream), found);
		}
		this.marks.put(name(stream), rounded(position));
		return true;
	}

	private boolean isExpected(Long found, OptionalLong expected) {
		if (this.fault == Fault.ADVANCE_WITHOUT_COMPARING) {
			return true;
		}
		if (expected.isEmpty()) {
			return found == null || this.fault == Fault.FIRST_MARK_OVERWRITES;
		}
		if (found == null) {
			return this.fault == Fault.MISSING_MARK_IS_EXPECTED
					|| (this.fault == Fault.MISSING_MARK_IS_ZERO && expected.getAsLong() == 0);
		}
		return found == rounded(expected.getAsLong());
	}

	private long rounded(long position) {
		return switch (this.fault) {
			case POSITIONS_AS_DOUBLES -> (long) (double) position;
			case POSITIONS_AS_INTS -> (int) position;
			case POSITIONS_WITHOUT_SIGN -> position & Long.MAX_VALUE;
			default -> position;
		};
	}

	private String name(StreamKey stream) {
		return (this.fault == Fault.KEYS_WITHOUT_CASE) ? stream.digest().toLowerCase(Locale.ROOT) : stream.digest();
	}

}
