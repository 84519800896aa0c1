package io.idempotency.sample.saga;

import java.net.URI;

import io.idempotency.IdempotencyContext;
import io.idempotency.Idempotent;
import jakarta.validation.Valid;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Trips and what became of them. */
@RestController
class TripController {

	private final TripSaga saga;

	private final TripRepository trips;

	TripController(TripSaga saga, TripRepository trips) {
		this.saga = saga;
		this.trips = trips;
	}

	/**
	 * Not {@code jdbc-transactional}: the steps have transactions of their own. The
	 * trip's id is a child of the request's key, so that a retry after a crash finds it.
	 */
	@PostMapping("/trips")
	@Idempotent(store = "jdbc")
	ResponseEntity<TripOutcome> book(@Valid @RequestBody TripRequest request) {
		String id = IdempotencyContext.current().orElseThrow().childKey("trip");
		TripOutcome outcome = this.saga.book(request.withId(id));
		return ResponseEntity.created(URI.create("/trips/" + id)).body(outcome);
	}

	@GetMapping("/trips/{id}")
	TripOutcome trip(@PathVariable String id) {
		return this.trips.outcome(id)
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no trip " + id + "."));
	}

}
