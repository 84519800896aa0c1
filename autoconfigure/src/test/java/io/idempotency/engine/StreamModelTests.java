package io.idempotency.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.idempotency.IdempotencyException;
import io.idempotency.observation.IdempotencyMetrics;
import io.idempotency.testsupport.FlakyMarks;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A log with gaps, read by consumers that come and go. Each begins at an offset that was
 * committed, which is never beyond what was done, reads on in order, and dies: before a
 * position, after its effect and before its mark, or after its mark. Some overlap with
 * their successor, as during a rebalance.
 */
class StreamModelTests {

	/** How a consumer ends, or fails for once, at some position. */
	enum Fate {

		FINE, WORK_FAILS, DIES_AFTER_EFFECT, MARK_IS_NOT_WRITTEN, MARK_REPLY_IS_LOST, MARK_CANNOT_BE_READ,
		SUCCESSOR_DOES_IT_MEANWHILE, PROCESS_IS_REPLACED

	}

	/**
	 * One delivery.
	 *
	 * @param back how many positions before the next one it begins again
	 * @param fate what happens at its last position
	 */
	record Delivery(int back, int length, Fate fate) {
	}

	/** What a process does not survive. */
	private static final class Death extends RuntimeException {

		private static final long serialVersionUID = 1L;

	}

	@Property(tries = 400)
	void nothingIsSkippedThatWasNotDoneAndDoublesAreInTheWindow(@ForAll("gaps") List<Integer> gaps,
			@ForAll("deliveries") List<Delivery> deliveries) {
		List<Long> log = new ArrayList<>();
		long next = 0;
		for (int gap : gaps) {
			next += gap;
			log.add(next);
		}
		Run run = new Run(log);
		deliveries.forEach(run::deliver);
		run.deliver(new Delivery(log.size(), log.size(), Fate.FINE));
		assertThat(run.done).as("each position").allMatch((count) -> count >= 1);
		assertThat(run.done.stream().mapToInt(Integer::intValue).sum() - log.size()).as("done again")
			.isLessThanOrEqualTo(run.windows);
	}

	@Provide
	Arbitrary<List<Integer>> gaps() {
		return Arbitraries.integers().between(1, 4).list().ofMinSize(1).ofMaxSize(30);
	}

	@Provide
	Arbitrary<List<Delivery>> deliveries() {
		return Combinators
			.combine(Arbitraries.integers().between(0, 30), Arbitraries.integers().between(1, 10),
					Arbitraries.of(Fate.class))
			.as(Delivery::new)
			.list()
			.ofMaxSize(30);
	}

	/** One log and those who read it. */
	private static final class Run {

		private final List<Long> log;

		private final List<Integer> done = new ArrayList<>();

		private final FlakyMarks marks = new FlakyMarks();

		private final IdempotencyMetrics metrics = new IdempotencyMetrics(new SimpleMeterRegistry());

		private StreamEngine process = process();

		/** The first position that the log's consumers have not said to be done. */
		private int next;

		/** How often something happened that may let a position be done again. */
		private int windows;

		Run(List<Long> log) {
			this.log = log;
			log.forEach((position) -> this.done.add(0));
		}

		private StreamEngine process() {
			return new StreamEngine(new MarkStores(Map.of("flaky", this.marks), Map.of()), this.metrics,
					Duration.ofSeconds(5));
		}

		void deliver(Delivery delivery) {
			int from = Math.max(0, this.next - delivery.back());
			int to = Math.min(this.log.size(), from + delivery.length());
			for (int i = from; i < to; i++) {
				if (!isDelivered(i, (i == to - 1) ? delivery.fate() : Fate.FINE)) {
					return;
				}
				this.next = Math.max(this.next, i + 1);
			}
		}

		/** Whether the consumer went on. */
		private boolean isDelivered(int index, Fate fate) {
			try {
				prepare(fate);
				boolean ran = this.process.handle(at(index), () -> work(index, fate));
				assertThat(ran || this.done.get(index) > 0).as("skipped").isTrue();
				if (fate == Fate.PROCESS_IS_REPLACED) {
					this.process = process();
				}
				return true;
			}
			catch (Death ex) {
				this.process = process();
				return false;
			}
			catch (IdempotencyException | IllegalStateException ex) {
				return false;
			}
			finally {
				this.marks.readFails = false;
				this.marks.advanceFails = false;
				this.marks.advanceReplyIsLost = false;
			}
		}

		private void prepare(Fate fate) {
			this.marks.readFails = fate == Fate.MARK_CANNOT_BE_READ;
			this.marks.advanceFails = fate == Fate.MARK_IS_NOT_WRITTEN;
			this.marks.advanceReplyIsLost = fate == Fate.MARK_REPLY_IS_LOST;
			if (fate == Fate.MARK_IS_NOT_WRITTEN) {
				this.windows++;
			}
		}

		private void work(int index, Fate fate) {
			if (fate == Fate.WORK_FAILS) {
				throw new IllegalStateException("made to fail");
			}
			this.done.set(index, this.done.get(index) + 1);
			if (fate == Fate.DIES_AFTER_EFFECT) {
				this.windows++;
				throw new Death();
			}
			if (fate == Fate.SUCCESSOR_DOES_IT_MEANWHILE) {
				this.windows++;
				boolean ran = process().handle(at(index), () -> this.done.set(index, this.done.get(index) + 1));
				assertThat(ran).isTrue();
			}
		}

		private StreamPosition at(int index) {
			return new StreamPosition("orders", "flaky", "log", this.log.get(index));
		}

	}

}
