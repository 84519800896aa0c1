package io.idempotency.sample.saga;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

import io.idempotency.IdempotencyContext;
import io.idempotency.IdempotencyTemplate;

import org.springframework.stereotype.Service;

/**
 * Goes forward through the steps, or back. A run that fails or whose process dies is made
 * again, by whoever comes first; it has the same keys, so what is done already is
 * answered and not done again.
 */
@Service
class TripSaga {

	/** A trip that cannot be booked by then is cancelled. */
	static final int MAX_ATTEMPTS = 5;

	private final IdempotencyTemplate idempotency;

	private final TripRepository trips;

	private final List<TripStep> steps;

	TripSaga(IdempotencyTemplate idempotency, TripRepository trips, List<TripStep> steps) {
		this.idempotency = idempotency;
		this.trips = trips;
		this.steps = List.copyOf(steps);
	}

	/** Books a trip that was not heard of before, or finds out what became of it. */
	TripOutcome book(Trip trip) {
		this.trips.add(trip);
		return run(trip.id());
	}

	/**
	 * Brings a trip to its end.
	 * @throws RuntimeException if that is not possible now: it goes on with the next call
	 */
	TripOutcome run(String trip) {
		TripOutcome outcome = this.idempotency.operation("trip")
			.key(trip)
			.store("jdbc")
			.execute(TripOutcome.class,
					() -> advance(this.trips.trip(trip), IdempotencyContext.current().orElseThrow()));
		return Objects.requireNonNull(outcome);
	}

	private TripOutcome advance(Trip trip, IdempotencyContext keys) {
		if (stands(trip, TripStatus.BOOKING)) {
			forward(trip, keys);
		}
		if (stands(trip, TripStatus.CANCELLING)) {
			back(trip, keys);
		}
		return this.trips.outcome(trip.id()).orElseThrow();
	}

	private void forward(Trip trip, IdempotencyContext keys) {
		if (this.trips.countAttempt(trip.id()) > MAX_ATTEMPTS) {
			this.trips.move(trip.id(), TripStatus.BOOKING, TripStatus.CANCELLING);
			return;
		}
		List<String> answers = new ArrayList<>();
		try {
			for (TripStep step : this.steps) {
				answers.add(step.run(keys.childKey(step.name()), trip));
			}
		}
		catch (StepRefusedException ex) {
			// before the first compensation: a second run must not go forward again
			this.trips.move(trip.id(), TripStatus.BOOKING, TripStatus.CANCELLING);
			return;
		}
		this.trips.book(trip.id(), String.join(", ", answers));
	}

	/** All of them: a step without an answer may have been done, or may still come. */
	private void back(Trip trip, IdempotencyContext keys) {
		List<TripStep> reversed = new ArrayList<>(this.steps);
		Collections.reverse(reversed);
		for (TripStep step : reversed) {
			step.compensate(keys.childKey("undo " + step.name()), keys.childKey(step.name()), trip);
		}
		this.trips.move(trip.id(), TripStatus.CANCELLING, TripStatus.CANCELLED);
	}

	private boolean stands(Trip trip, TripStatus status) {
		return this.trips.outcome(trip.id()).orElseThrow().status() == status;
	}

}
