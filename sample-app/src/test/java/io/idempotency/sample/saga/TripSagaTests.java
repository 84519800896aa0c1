package io.idempotency.sample.saga;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import io.idempotency.IdempotencyTemplate;
import io.idempotency.sample.testsupport.Crashes;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Steps and compensations that come twice, late, or again after a crash. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "idempotency.store=jdbc-transactional", "trips.recovery.delay=1h",
				"spring.datasource.url=jdbc:h2:mem:trips", "trips.recovery.age=0s" })
class TripSagaTests {

	private static final BigDecimal PRICE = new BigDecimal("40.00");

	private final RestClient client;

	private final String name = UUID.randomUUID().toString().substring(0, 18);

	@Autowired
	private IdempotencyTemplate idempotency;

	@Autowired
	private TripRepository trips;

	@Autowired
	private TripRecovery recovery;

	@Autowired
	private List<TripStep> steps;

	@Autowired
	private TripSaga saga;

	@Autowired
	private JdbcClient jdbc;

	TripSagaTests(@LocalServerPort int port) {
		this.client = RestClient.create("http://localhost:" + port);
	}

	@BeforeEach
	void flightAndAccount() {
		this.jdbc.sql("insert into flight values (?, 5, false)").param(this.name).update();
		this.jdbc.sql("insert into account values (?, 'somebody', 100)").param(this.name).update();
	}

	@Test
	void tripThatIsAskedForTwiceIsBookedOnce() {
		ResponseEntity<TripOutcome> first = post("key-" + this.name);
		ResponseEntity<TripOutcome> retry = post("key-" + this.name);
		assertThat(first.getStatusCode()).isEqualTo(HttpStatus.CREATED);
		assertThat(first.getBody().status()).isEqualTo(TripStatus.BOOKED);
		assertThat(first.getBody().confirmation()).startsWith("seat 5, paid 40.00, ticket ");
		assertThat(retry.getBody()).isEqualTo(first.getBody());
		assertThat(retry.getHeaders().getFirst("Idempotent-Replayed")).isEqualTo("true");
		assertThat(get(first)).isEqualTo(first.getBody());
		assertState(first.getBody().trip(), 4, 60, 1);
	}

	@Test
	void paymentThatIsRefusedGivesTheSeatBack() {
		this.jdbc.sql("update account set balance = 10 where id = ?").param(this.name).update();
		TripOutcome outcome = post("key-" + this.name).getBody();
		assertThat(outcome.status()).isEqualTo(TripStatus.CANCELLED);
		assertState(outcome.trip(), 5, 10, 0);
	}

	@Test
	void ticketThatIsRefusedGivesMoneyAndSeatBack() {
		close(true);
		TripOutcome outcome = post("key-" + this.name).getBody();
		assertThat(outcome.status()).isEqualTo(TripStatus.CANCELLED);
		assertState(outcome.trip(), 5, 100, 0);
	}

	@Test
	void eachStepThatComesTwiceTakesEffectOnceAndAnswersTheSame() {
		Trip trip = trip();
		for (TripStep step : this.steps) {
			assertThat(step.run(key(step), trip)).isEqualTo(step.run(key(step), trip));
		}
		assertState(trip.id(), 4, 60, 1);
	}

	@Test
	void eachCompensationThatComesTwiceTakesBackOnce() {
		Trip trip = trip();
		for (TripStep step : this.steps) {
			step.run(key(step), trip);
			step.compensate(key(step) + "-undo", key(step), trip);
			step.compensate(key(step) + "-undo", key(step), trip);
			// nor under another key
			step.compensate(key(step) + "-again", key(step), trip);
		}
		assertState(trip.id(), 5, 100, 0);
	}

	@Test
	void compensationThatComesBeforeItsStepPreventsIt() {
		Trip trip = trip();
		for (TripStep step : this.steps) {
			step.compensate(key(step) + "-undo", key(step), trip);
			assertThatExceptionOfType(StepWithdrawnException.class).isThrownBy(() -> step.run(key(step), trip));
			step.compensate(key(step) + "-undo", key(step), trip);
		}
		assertState(trip.id(), 5, 100, 0);
	}

	@Test
	void stepThatComesAgainAfterItsCompensationHasNoEffect() {
		Trip trip = trip();
		for (TripStep step : this.steps) {
			step.run(key(step), trip);
			step.compensate(key(step) + "-undo", key(step), trip);
			// the record still has the answer; the effect does not come back
			step.run(key(step), trip);
		}
		assertState(trip.id(), 5, 100, 0);
	}

	@Test
	void crashAfterAnyStepIsMadeGoodByTheNextRun() {
		for (int crash = 0; crash < this.steps.size(); crash++) {
			Trip trip = trip();
			TripSaga dying = new TripSaga(this.idempotency, this.trips, dyingAfter(crash, new ArrayList<>()));
			assertThatExceptionOfType(Crashes.Death.class).isThrownBy(() -> dying.book(trip));
			assertThat(this.saga.book(trip).status()).isEqualTo(TripStatus.BOOKED);
			assertThat(tickets(trip.id())).isOne();
			undo(trip);
		}
		assertThat(seats()).isEqualTo(5);
		assertThat(balance()).isEqualByComparingTo("100");
	}

	@Test
	void recoveryBringsToTheirEndWhatNobodyAsksFor() {
		Trip trip = trip();
		TripSaga dying = new TripSaga(this.idempotency, this.trips, dyingAfter(1, new ArrayList<>()));
		assertThatExceptionOfType(Crashes.Death.class).isThrownBy(() -> dying.book(trip));
		this.recovery.recover();
		assertThat(this.trips.outcome(trip.id()).orElseThrow().status()).isEqualTo(TripStatus.BOOKED);
		assertState(trip.id(), 4, 60, 1);
	}

	@Test
	void crashAmongCompensationsDoesNotChangeTheDecision() {
		for (int crash = 0; crash < this.steps.size(); crash++) {
			Trip trip = trip();
			close(true);
			TripSaga dying = new TripSaga(this.idempotency, this.trips, dyingAfterCompensationOf(crash));
			assertThatExceptionOfType(Crashes.Death.class).isThrownBy(() -> dying.book(trip));
			close(false);
			assertThat(this.saga.book(trip).status()).isEqualTo(TripStatus.CANCELLED);
			assertState(trip.id(), 5, 100, 0);
		}
	}

	@Test
	void keysOfStepsAndCompensationsAreTheSameInEveryRunAndAllDifferent() {
		Trip trip = trip();
		close(true);
		List<String> keys = new ArrayList<>();
		TripSaga dying = new TripSaga(this.idempotency, this.trips, dyingAfter(1, keys));
		for (int i = 0; i < 2; i++) {
			assertThatExceptionOfType(Crashes.Death.class).isThrownBy(() -> dying.book(trip));
		}
		assertThat(keys).hasSize(4);
		assertThat(keys.subList(0, 2)).isEqualTo(keys.subList(2, 4)).doesNotHaveDuplicates();
		List<String> all = new ArrayList<>();
		new TripSaga(this.idempotency, this.trips, watched(all, Integer.MAX_VALUE, Integer.MAX_VALUE)).book(trip);
		assertThat(all).hasSize(6).doesNotHaveDuplicates().startsWith(keys.get(0), keys.get(1));
	}

	@Test
	void tripThatNeverSucceedsIsCancelled() {
		Trip trip = trip();
		TripSaga dying = new TripSaga(this.idempotency, this.trips, dyingAfter(2, new ArrayList<>()));
		for (int i = 0; i < TripSaga.MAX_ATTEMPTS; i++) {
			assertThatExceptionOfType(Crashes.Death.class).isThrownBy(() -> dying.book(trip));
		}
		assertThat(dying.book(trip).status()).isEqualTo(TripStatus.CANCELLED);
		assertState(trip.id(), 5, 100, 0);
	}

	private List<TripStep> dyingAfter(int step, List<String> keys) {
		return watched(keys, step, Integer.MAX_VALUE);
	}

	private List<TripStep> dyingAfterCompensationOf(int step) {
		return watched(new ArrayList<>(), Integer.MAX_VALUE, step);
	}

	/** The steps, with a death after one of them. */
	private List<TripStep> watched(List<String> keys, int dyingStep, int dyingCompensation) {
		List<TripStep> watched = new ArrayList<>();
		for (int i = 0; i < this.steps.size(); i++) {
			watched.add(new WatchedStep(this.steps.get(i), keys, i == dyingStep, i == dyingCompensation));
		}
		return watched;
	}

	private void undo(Trip trip) {
		this.jdbc.sql("update flight set seats = seats + 1 where code = ?").param(trip.flight()).update();
		this.jdbc.sql("update account set balance = balance + 40 where id = ?").param(trip.account()).update();
	}

	private void close(boolean closed) {
		this.jdbc.sql("update flight set closed = ? where code = ?").param(closed).param(this.name).update();
	}

	private Trip trip() {
		return new Trip(UUID.randomUUID().toString(), this.name, this.name, PRICE);
	}

	private String key(TripStep step) {
		return step.name() + "-" + this.name;
	}

	private ResponseEntity<TripOutcome> post(String key) {
		return this.client.post()
			.uri("/trips")
			.header("Idempotency-Key", key)
			.body(new TripRequest(this.name, this.name, PRICE))
			.retrieve()
			.toEntity(TripOutcome.class);
	}

	private TripOutcome get(ResponseEntity<TripOutcome> created) {
		return this.client.get().uri(created.getHeaders().getLocation()).retrieve().body(TripOutcome.class);
	}

	private void assertState(String trip, int seats, int balance, int tickets) {
		assertThat(seats()).as("seats").isEqualTo(seats);
		assertThat(balance()).as("balance").isEqualByComparingTo(BigDecimal.valueOf(balance));
		assertThat(tickets(trip)).as("tickets").isEqualTo(tickets);
	}

	private int seats() {
		return this.jdbc.sql("select seats from flight where code = ?").param(this.name).query(Integer.class).single();
	}

	private BigDecimal balance() {
		return this.jdbc.sql("select balance from account where id = ?")
			.param(this.name)
			.query(BigDecimal.class)
			.single();
	}

	private int tickets(String trip) {
		return this.jdbc.sql("select count(*) from ticket where trip = ?").param(trip).query(Integer.class).single();
	}

	/**
	 * A step whose process may die when it is done.
	 *
	 * @param keys all that were used, in their order
	 */
	private record WatchedStep(TripStep step, List<String> keys, boolean dies,
			boolean diesAtCompensation) implements TripStep {

		@Override
		public String name() {
			return this.step.name();
		}

		@Override
		public String run(String key, Trip trip) {
			this.keys.add(key);
			try {
				return this.step.run(key, trip);
			}
			finally {
				dieIf(this.dies);
			}
		}

		@Override
		public void compensate(String key, String stepKey, Trip trip) {
			this.keys.add(key);
			this.step.compensate(key, stepKey, trip);
			dieIf(this.diesAtCompensation);
		}

		private static void dieIf(boolean dies) {
			if (dies) {
				throw new Crashes.Death();
			}
		}

	}

}
