package io.idempotency.engine;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.idempotency.IdempotencyTemplate.Task;
import io.idempotency.OperationInProgressException;
import io.idempotency.StoreUnavailableException;
import io.idempotency.StreamOrderException;
import io.idempotency.observation.IdempotencyMetrics;
import io.idempotency.testsupport.FlakyMarks;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What becomes of positions, with marks that are written when each is done. */
class StreamEngineTests {

	private static final Task<RuntimeException> NOTHING = () -> {
	};

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final FlakyMarks marks = new FlakyMarks();

	private final StreamEngine engine = engine(Duration.ofSeconds(20));

	private final List<Long> done = new CopyOnWriteArrayList<>();

	/** One process: all share the marks. */
	private StreamEngine engine(Duration patience) {
		return new StreamEngine(new MarkStores(Map.of("flaky", this.marks), Map.of()),
				new IdempotencyMetrics(this.meters), patience);
	}

	private static StreamPosition at(String stream, long position) {
		return new StreamPosition("orders", "flaky", stream, position);
	}

	private boolean handle(StreamEngine process, long position) {
		return process.handle(at("a", position), () -> this.done.add(position));
	}

	private boolean handle(long position) {
		return handle(this.engine, position);
	}

	private long counted(String outcome) {
		var timer = this.meters.find("idempotency.stream.positions").tags("operation", "orders", "outcome", outcome);
		return (timer.timer() != null) ? timer.timer().count() : 0;
	}

	@Test
	void positionsAboveTheMarkAreDoneOnceAndGapsAreNormal() {
		for (long position : new long[] { 3, 4, 9, 100 }) {
			assertThat(handle(position)).isTrue();
		}
		for (long position : new long[] { 3, 4, 5, 9, 50, 100 }) {
			assertThat(handle(position)).isFalse();
		}
		assertThat(handle(101)).isTrue();
		assertThat(this.done).containsExactly(3L, 4L, 9L, 100L, 101L);
		assertThat(counted("executed")).isEqualTo(5);
		assertThat(counted("replayed")).isEqualTo(6);
	}

	@Test
	void streamsAndOperationsHaveMarksOfTheirOwn() {
		handle(5);
		assertThat(this.engine.<RuntimeException>handle(at("b", 5), NOTHING)).isTrue();
		assertThat(this.engine.<RuntimeException>handle(new StreamPosition("payments", "flaky", "a", 5), NOTHING))
			.isTrue();
		assertThat(this.engine.<RuntimeException>handle(new StreamPosition("order", "flaky", "sa", 5), NOTHING))
			.isTrue();
	}

	@Test
	void positionCostsAReadAndAnAdvanceAndReplayARead() {
		handle(1);
		assertThat(this.marks.reads).hasValue(1);
		assertThat(this.marks.advances).hasValue(1);
		handle(1);
		assertThat(this.marks.reads).hasValue(2);
		assertThat(this.marks.advances).hasValue(1);
	}

	@Test
	void failureOfTheWorkPassesThroughAndTheMarkStays() {
		handle(1);
		IOException failure = new IOException("broken");
		assertThatExceptionOfType(IOException.class).isThrownBy(() -> this.engine.handle(at("a", 2), () -> {
			throw failure;
		})).satisfies((ex) -> assertThat(ex).isSameAs(failure));
		assertThat(counted("failed")).isEqualTo(1);
		assertThat(handle(2)).isTrue();
	}

	@Test
	void storeThatCannotTellTheMarkRefusesThePosition() {
		this.marks.readFails = true;
		assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> handle(1));
		assertThat(this.done).isEmpty();
		assertThat(counted("store_unavailable")).isEqualTo(1);
		this.marks.readFails = false;
		assertThat(handle(1)).isTrue();
	}

	@Test
	void markThatWasNotWrittenIsWrittenBeforeTheNextPosition() {
		handle(1);
		this.marks.advanceFails = true;
		assertThat(handle(2)).as("it took effect").isTrue();
		assertThat(counted("unmarked")).isEqualTo(1);
		assertThatExceptionOfType(StoreUnavailableException.class).as("never two ahead of the mark")
			.isThrownBy(() -> handle(3));
		this.marks.advanceFails = false;
		assertThat(handle(2)).as("redelivered to the same process").isFalse();
		assertThat(handle(engine(Duration.ofSeconds(1)), 2)).as("redelivered to another").isFalse();
		assertThat(handle(3)).isTrue();
		assertThat(this.done).containsExactly(1L, 2L, 3L);
	}

	@Test
	void firstMarkOfAStreamThatWasNotWrittenIsOwedToo() {
		this.marks.advanceFails = true;
		handle(7);
		this.marks.advanceFails = false;
		assertThat(handle(7)).isFalse();
		assertThat(handle(8)).isTrue();
	}

	@Test
	void markWhoseReplyWasLostIsFoundWritten() {
		this.marks.advanceReplyIsLost = true;
		handle(1);
		this.marks.advanceReplyIsLost = false;
		assertThat(handle(1)).isFalse();
		assertThat(handle(2)).isTrue();
		assertThat(this.done).containsExactly(1L, 2L);
	}

	@Test
	void windowIsOnePositionOfAProcessThatDiesBeforeItsMarkIsWritten() {
		handle(1);
		this.marks.advanceFails = true;
		handle(2);
		this.marks.advanceFails = false;
		StreamEngine another = engine(Duration.ofSeconds(1));
		assertThat(handle(another, 2)).as("done again").isTrue();
		assertThat(handle(another, 3)).isTrue();
		assertThat(handle(4)).as("what is owed is below the mark").isTrue();
		assertThat(this.done).containsExactly(1L, 2L, 2L, 3L, 4L);
	}

	@Test
	void streamsThatOweDoNotBecomeMoreAndMore() {
		this.marks.advanceFails = true;
		for (int i = 0; i < 10_000; i++) {
			this.engine.handle(at("stream " + i, 1), NOTHING);
		}
		assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> handle(1));
		this.marks.advanceFails = false;
		assertThat(handle(1)).as("one of them has paid").isTrue();
		assertThat(handle(2)).isTrue();
		for (int i = 0; i < 10_000; i++) {
			assertThat(this.engine.<RuntimeException>handle(at("stream " + i, 1), NOTHING)).isFalse();
		}
	}

	@Test
	void markIsNotTakenBackByAConsumerThatIsBehind() {
		StreamEngine another = engine(Duration.ofSeconds(1));
		handle(1);
		this.engine.handle(at("a", 2), () -> {
			this.done.add(2L);
			handle(another, 2);
			handle(another, 3);
		});
		assertThat(counted("regressed")).isEqualTo(1);
		assertThat(handle(3)).isFalse();
		assertThat(handle(4)).isTrue();
		assertThat(this.done).containsExactly(1L, 2L, 2L, 3L, 4L);
	}

	@Test
	void markThatAnotherConsumerMovedIsMovedOnFromThere() {
		StreamEngine another = engine(Duration.ofSeconds(1));
		handle(1);
		this.engine.handle(at("a", 5), () -> {
			this.done.add(5L);
			handle(another, 3);
		});
		assertThat(counted("conflict")).isEqualTo(1);
		assertThat(handle(another, 4)).isFalse();
		assertThat(handle(another, 5)).isFalse();
		assertThat(handle(another, 6)).isTrue();
	}

	@Test
	void otherPositionOfAStreamThatIsBeingHandledIsRefused() throws Exception {
		handle(1);
		try (Running running = new Running(5)) {
			assertThatExceptionOfType(StreamOrderException.class).as("overtakes").isThrownBy(() -> handle(6));
			assertThatExceptionOfType(StreamOrderException.class).as("was overtaken").isThrownBy(() -> handle(4));
			assertThat(handle(1)).as("done long ago").isFalse();
			assertThat(this.engine.<RuntimeException>handle(at("b", 6), NOTHING)).isTrue();
			running.end();
		}
		assertThat(counted("out_of_order")).isEqualTo(2);
		assertThat(handle(6)).isTrue();
	}

	@Test
	void samePositionWaitsForTheOneThatRunsAndIsAReplay() throws Exception {
		try (Running running = new Running(5)) {
			CompletableFuture<Boolean> again = CompletableFuture.supplyAsync(() -> handle(5));
			assertThat(again).isNotDone();
			running.end();
			assertThat(again.get(20, TimeUnit.SECONDS)).isFalse();
		}
	}

	@Test
	void samePositionIsRefusedWhereItsTurnDoesNotCome() throws Exception {
		StreamEngine hasty = engine(Duration.ofMillis(20));
		CountDownLatch end = new CountDownLatch(1);
		CountDownLatch begun = new CountDownLatch(1);
		CompletableFuture<Boolean> running = CompletableFuture.supplyAsync(() -> hasty.handle(at("a", 5), () -> {
			begun.countDown();
			awaitQuietly(end);
		}));
		begun.await();
		assertThatExceptionOfType(OperationInProgressException.class).isThrownBy(() -> handle(hasty, 5));
		assertThat(counted("in_progress")).isEqualTo(1);
		end.countDown();
		assertThat(running.get(20, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void workThatHandlesItsOwnStreamIsRefusedAndDoesNotWaitForItself() {
		for (long inner : new long[] { 1, 2, 3 }) {
			assertThatExceptionOfType(StreamOrderException.class)
				.isThrownBy(() -> this.engine.handle(at("a", 2), () -> handle(inner)));
			assertThat(counted("failed")).isPositive();
		}
		assertThat(handle(2)).isTrue();
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/** A position that is being handled until a test ends it. */
	private final class Running implements AutoCloseable {

		private final CountDownLatch end = new CountDownLatch(1);

		private final CompletableFuture<Boolean> handled;

		Running(long position) throws InterruptedException {
			CountDownLatch begun = new CountDownLatch(1);
			this.handled = CompletableFuture
				.supplyAsync(() -> StreamEngineTests.this.engine.handle(at("a", position), () -> {
					begun.countDown();
					awaitQuietly(this.end);
				}));
			begun.await();
		}

		void end() throws Exception {
			this.end.countDown();
			assertThat(this.handled.get(20, TimeUnit.SECONDS)).isTrue();
		}

		@Override
		public void close() {
			this.end.countDown();
		}

	}

}
