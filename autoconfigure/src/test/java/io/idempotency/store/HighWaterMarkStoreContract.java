package io.idempotency.store;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import io.idempotency.testsupport.Claims;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * What every {@link HighWaterMarkStore} has to do, section by section of its Javadoc.
 */
public abstract class HighWaterMarkStoreContract {

	private static final int THREADS = 8;

	private static final OptionalLong NOTHING = OptionalLong.empty();

	protected abstract HighWaterMarkStore marks();

	/** A stream that no other test uses. */
	protected final StreamKey stream() {
		return new StreamKey("orders", Claims.fresh().key().digest());
	}

	/** A stream whose mark is where a test wants it. */
	private StreamKey streamAt(long position) {
		StreamKey stream = stream();
		assertThat(marks().advance(stream, NOTHING, position)).isTrue();
		return stream;
	}

	@Test
	void streamWithoutAMarkHasNone() {
		assertThat(marks().read(stream())).isEmpty();
	}

	@Test
	void markIsWhereItWasAdvancedTo() {
		StreamKey stream = streamAt(5);
		assertThat(marks().read(stream)).hasValue(5);
		assertThat(marks().advance(stream, OptionalLong.of(5), 9)).isTrue();
		assertThat(marks().read(stream)).hasValue(9);
	}

	@Test
	void firstMarkNeedsAStreamWithoutOne() {
		StreamKey stream = streamAt(5);
		assertThat(marks().advance(stream, NOTHING, 9)).isFalse();
		assertThat(marks().read(stream)).hasValue(5);
	}

	@Test
	void advanceNeedsTheMarkThatIsExpected() {
		StreamKey stream = streamAt(5);
		assertThat(marks().advance(stream, OptionalLong.of(4), 9)).isFalse();
		assertThat(marks().advance(stream, OptionalLong.of(6), 9)).isFalse();
		assertThat(marks().read(stream)).hasValue(5);
	}

	@Test
	void advanceOfAStreamWithoutAMarkNeedsThatExpected() {
		StreamKey stream = stream();
		assertThat(marks().advance(stream, OptionalLong.of(4), 9)).isFalse();
		assertThat(marks().advance(stream, OptionalLong.of(0), 9)).isFalse();
		assertThat(marks().read(stream)).isEmpty();
	}

	@Test
	void markIsNeverLowered() {
		StreamKey stream = streamAt(5);
		assertThatIllegalArgumentException().isThrownBy(() -> marks().advance(stream, OptionalLong.of(5), 5));
		assertThatIllegalArgumentException().isThrownBy(() -> marks().advance(stream, OptionalLong.of(5), 4));
		assertThat(marks().advance(stream, NOTHING, 4)).isFalse();
		assertThat(marks().read(stream)).hasValue(5);
	}

	@Test
	void advanceThatIsToldAgainChangesNothing() {
		StreamKey stream = streamAt(5);
		assertThat(marks().advance(stream, OptionalLong.of(5), 9)).isTrue();
		assertThat(marks().advance(stream, OptionalLong.of(5), 9)).isFalse();
		assertThat(marks().read(stream)).hasValue(9);
	}

	@ParameterizedTest
	@ValueSource(longs = { Long.MIN_VALUE, Long.MIN_VALUE + 1, Integer.MIN_VALUE - 1L, -1, 0, 1, 255, 256,
			Integer.MAX_VALUE + 1L, (1L << 53) - 1, 1L << 53, (1L << 53) + 1, 0x0A0D_0A0D_0A0D_0A0DL,
			Long.MAX_VALUE - 1 })
	void everyPositionIsAMarkLikeAnyOther(long position) {
		StreamKey stream = streamAt(position);
		assertThat(marks().read(stream)).hasValue(position);
		assertThat(marks().advance(stream, NOTHING, position + 1)).as("absent").isFalse();
		long withOtherSign = position ^ Long.MIN_VALUE;
		if (withOtherSign < Long.MAX_VALUE) {
			assertThat(marks().advance(stream, OptionalLong.of(withOtherSign), Long.MAX_VALUE)).as("sign").isFalse();
		}
		assertThat(marks().advance(stream, OptionalLong.of(position), position + 1)).isTrue();
		assertThat(marks().advance(stream, OptionalLong.of(position), Long.MAX_VALUE)).as("neighbour").isFalse();
		assertThat(marks().read(stream)).hasValue(position + 1);
	}

	@Test
	void streamsAreToldApartByEveryCharacter() {
		String digest = stream().digest().substring(0, 18);
		List<String> ends = List.of("ABCD", "abcd", "AbCd", "-_-A", "_-_A");
		for (int i = 0; i < ends.size(); i++) {
			assertThat(marks().advance(new StreamKey("orders", digest + ends.get(i)), NOTHING, i)).isTrue();
		}
		for (int i = 0; i < ends.size(); i++) {
			assertThat(marks().read(new StreamKey("orders", digest + ends.get(i)))).hasValue(i);
		}
	}

	@Test
	void namesOfOperationsMayBeAnything() {
		for (String operation : List.of("", " ", "POST /orders/{id}", "a".repeat(1000), "\ud83d\ude00\u0000")) {
			StreamKey stream = new StreamKey(operation, stream().digest());
			assertThat(marks().advance(stream, NOTHING, 1)).isTrue();
			assertThat(marks().advance(stream, OptionalLong.of(1), 2)).isTrue();
			assertThat(marks().read(stream)).hasValue(2);
		}
	}

	@Test
	void markAndRecordOfOneDigestDoNotMeet() {
		assumeThat(marks()).isInstanceOf(IdempotencyStore.class);
		IdempotencyStore records = (IdempotencyStore) marks();
		Claim claim = Claims.fresh();
		StreamKey stream = new StreamKey(claim.key().operation(), claim.key().digest());
		assertThat(marks().advance(stream, NOTHING, 5)).isTrue();
		assertThat(records.claim(claim)).isInstanceOf(ClaimOutcome.Acquired.class);
		assertThat(marks().advance(stream, OptionalLong.of(5), 6)).isTrue();
		assertThat(records.release(claim)).isTrue();
		assertThat(marks().read(stream)).hasValue(6);
	}

	@Test
	void oneOfManyMakesTheFirstMark() throws Exception {
		for (int round = 0; round < 20; round++) {
			StreamKey stream = stream();
			List<Boolean> made = inParallel((number) -> marks().advance(stream, NOTHING, number));
			assertThat(made.stream().filter(Boolean::booleanValue)).hasSize(1);
			assertThat(marks().read(stream)).hasValue(made.indexOf(true));
		}
	}

	@Test
	void everyAdvanceIsOneOfItsOwn() throws Exception {
		StreamKey stream = streamAt(0);
		List<Integer> advances = inParallel((number) -> {
			int mine = 0;
			for (int i = 0; i < 100; i++) {
				long seen = marks().read(stream).orElseThrow();
				if (marks().advance(stream, OptionalLong.of(seen), seen + 1)) {
					mine++;
					assertThat(marks().read(stream).orElseThrow()).as("after its own").isGreaterThan(seen);
				}
			}
			return mine;
		});
		assertThat(marks().read(stream)).hasValue(advances.stream().mapToInt(Integer::intValue).sum());
	}

	/** Work of one of several threads. */
	private interface Work<T> {

		T of(int number) throws Exception;

	}

	private static <T> List<T> inParallel(Work<T> work) throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(THREADS);
		try {
			CyclicBarrier start = new CyclicBarrier(THREADS);
			List<Future<T>> results = new ArrayList<>();
			for (int i = 0; i < THREADS; i++) {
				int number = i;
				Callable<T> task = () -> {
					start.await();
					return work.of(number);
				};
				results.add(threads.submit(task));
			}
			List<T> all = new ArrayList<>();
			for (Future<T> result : results) {
				all.add(result.get());
			}
			return all;
		}
		finally {
			threads.shutdownNow();
		}
	}

}
