package io.idempotency.store.memory;

import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.LongConsumer;

import io.idempotency.store.StreamKey;

/**
 * The marks of streams, which stay until the process ends. None is dropped to make room:
 * a stream that finds none fails before its first position is done.
 */
final class MemoryMarks {

	/** About what a mark takes, key and map entry included. */
	private static final long BYTES = 256;

	private final ConcurrentMap<StreamKey, Long> marks = new ConcurrentHashMap<>();

	private final LongConsumer reserve;

	private final LongConsumer free;

	/**
	 * @param reserve takes bytes, or fails if there are no more
	 * @param free gives bytes back
	 */
	MemoryMarks(LongConsumer reserve, LongConsumer free) {
		this.reserve = reserve;
		this.free = free;
	}

	OptionalLong read(StreamKey stream) {
		Long mark = this.marks.get(stream);
		if (mark != null) {
			return OptionalLong.of(mark);
		}
		this.reserve.accept(BYTES);
		this.free.accept(BYTES);
		return OptionalLong.empty();
	}

	boolean advance(StreamKey stream, OptionalLong expected, long position) {
		if (expected.isPresent()) {
			return this.marks.replace(stream, expected.getAsLong(), position);
		}
		this.reserve.accept(BYTES);
		boolean first = this.marks.putIfAbsent(stream, position) == null;
		if (!first) {
			this.free.accept(BYTES);
		}
		return first;
	}

}
