package io.idempotency.actuate;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

import io.idempotency.Fingerprint;
import io.idempotency.IdempotentOperation;
import io.idempotency.InProgress;
import io.idempotency.OnStoreFailure;
import io.idempotency.Recovery;
import io.idempotency.store.RecordAdministration;
import io.idempotency.store.RecordKey;
import io.idempotency.store.RecordState;
import io.idempotency.store.RecordView;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/** The age of a record whose store does not keep it. */
class RecordDeskTests {

	private static final Duration HOUR = Duration.ofHours(1);

	private static final IdempotentOperation REFUND = new IdempotentOperation("refund", HOUR, Duration.ofSeconds(30),
			InProgress.REJECT, Duration.ZERO, Recovery.RERUN, OnStoreFailure.REJECT, true, "redis");

	@ParameterizedTest
	@EnumSource(names = { "COMPLETED", "NOT_KEPT" })
	void ageOfAResultIsWhatHasGoneOfTheTtl(RecordState state) {
		assertThat(age("refund", view(state, null, HOUR.minusMinutes(2)))).isEqualTo(Duration.ofMinutes(2));
	}

	/** The ttl was longer when it was completed. */
	@Test
	void ageIsNeverNegative() {
		assertThat(age("refund", view(RecordState.COMPLETED, null, HOUR.plusMinutes(2)))).isEqualTo(Duration.ZERO);
	}

	@Test
	void ageThatTheStoreKnowsIsShown() {
		Duration known = Duration.ofSeconds(41);
		assertThat(age("refund", view(RecordState.COMPLETED, known, HOUR))).isEqualTo(known);
		assertThat(age("made up", view(RecordState.COMPLETED, known, HOUR))).isEqualTo(known);
	}

	/** Without a ttl, or where what remains is not counted from it. */
	@Test
	void ageThatNobodyKnowsIsNotShown() {
		assertThat(age("made up", view(RecordState.COMPLETED, null, HOUR))).isNull();
		assertThat(age("refund", view(RecordState.IN_PROGRESS, null, HOUR))).isNull();
		assertThat(age("refund", view(RecordState.UNKNOWN, null, HOUR))).isNull();
	}

	private static RecordView view(RecordState state, @Nullable Duration age, Duration remaining) {
		return new RecordView(state, age, Duration.ZERO, remaining, 105, new Fingerprint(1, 2));
	}

	private static @Nullable Duration age(String operation, RecordView view) {
		RecordDesk desk = new RecordDesk(() -> List.of(REFUND), Map.of("redis", new OneRecord(view)), false);
		RecordDescriptor found = desk.work(RecordAction.LOOK, new RecordKey(operation, "AAAAAAAAAAAAAAAAAAAAAA"),
				"redis");
		assertThat(found).isNotNull();
		return found.age();
	}

	private record OneRecord(RecordView view) implements RecordAdministration {

		@Override
		public Optional<RecordView> look(RecordKey key) {
			return Optional.of(this.view);
		}

		@Override
		public Optional<RecordView> remove(RecordKey key, Set<RecordState> states) {
			return Optional.of(this.view);
		}

	}

}
