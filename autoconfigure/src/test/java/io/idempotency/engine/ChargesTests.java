package io.idempotency.engine;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What a keeper looks after, wherever it comes from. */
class ChargesTests {

	/** From more threads than there are sets. */
	private static final List<Tended> ALL = LongStream.rangeClosed(1, 100).<Tended>mapToObj(Charge::new).toList();

	private final Charges charges = new Charges();

	@Test
	void allAreSeenAndCountedWhicheverThreadTheyComeFrom() {
		ALL.forEach(this.charges::add);
		ALL.forEach(this.charges::add);
		assertThat(this.charges.stream()).containsExactlyInAnyOrderElementsOf(ALL);
		assertThat(this.charges.size()).isEqualTo(100);
	}

	@Test
	void whatIsRemovedIsGoneAndNothingElse() {
		ALL.forEach(this.charges::add);
		ALL.subList(0, 60).forEach(this.charges::remove);
		assertThat(this.charges.stream()).containsExactlyInAnyOrderElementsOf(ALL.subList(60, 100));
		assertThat(this.charges.size()).isEqualTo(40);
	}

	private record Charge(long origin) implements Tended {

		@Override
		public Duration lease() {
			return Duration.ofSeconds(1);
		}

		@Override
		public Need need(long now) {
			return Need.NOTHING;
		}

		@Override
		public boolean tend() {
			return false;
		}

		@Override
		public boolean isOwed() {
			return false;
		}

	}

}
