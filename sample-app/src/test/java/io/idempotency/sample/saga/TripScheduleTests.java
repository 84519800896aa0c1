package io.idempotency.sample.saga;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.idempotency.IdempotencyTemplate;
import io.idempotency.sample.testsupport.Crashes;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The saga under generated schedules: processes that die between any two statements, two
 * that run one trip at the same time, requests that arrive twice or when their trip has
 * ended, answers that are lost. Whatever happens, every trip is had as a whole or not at
 * all, and nothing is taken back twice.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.MOCK,
		properties = { "idempotency.store=jdbc-transactional", "trips.recovery.delay=1h",
				"spring.datasource.url=jdbc:h2:mem:trip-schedules", "logging.level.root=off",
				"logging.level.io.idempotency.sample=info" })
class TripScheduleTests {

	private static final Log logger = LogFactory.getLog(TripScheduleTests.class);

	private static final int SCHEDULES = Integer.getInteger("trip.schedules", 50);

	/** The probability that a process dies before, or after, a statement. */
	private static final double DEATH = 0.03;

	private static final int SEATS = 2;

	private static final int MONEY = 100;

	@Autowired
	private Crashes crashes;

	@Autowired
	private IdempotencyTemplate idempotency;

	@Autowired
	private TripRepository trips;

	@Autowired
	private List<TripStep> steps;

	@Autowired
	private JdbcClient jdbc;

	private final AtomicInteger withdrawn = new AtomicInteger();

	private int late;

	private int booked;

	private int cancelled;

	/**
	 * A flight, an account and who wants to fly.
	 *
	 * @param name of flight and account
	 * @param closed whether there are no tickets
	 * @param trips that are wanted
	 */
	private record World(String name, boolean closed, List<Trip> trips) {

		static World any(Random random) {
			String name = UUID.randomUUID().toString().substring(0, 18);
			return new World(name, random.nextInt(4) == 0,
					IntStream.range(0, random.nextInt(1, 4))
						.mapToObj((i) -> new Trip(UUID.randomUUID().toString(), name, name,
								BigDecimal.valueOf(random.nextInt(20, 70))))
						.toList());
		}

	}

	@Test
	void everyTripIsHadAsAWholeOrNotAtAll() {
		for (int seed = 0; seed < SCHEDULES; seed++) {
			Random random = new Random(seed);
			World world = World.any(random);
			this.jdbc.sql("insert into flight values (?, ?, ?)").params(world.name(), SEATS, world.closed()).update();
			this.jdbc.sql("insert into account values (?, 'somebody', ?)").params(world.name(), MONEY).update();
			run(world, random);
			assertWhole(world, "schedule " + seed);
		}
		logger.info(SCHEDULES + " schedules: " + this.booked + " trips booked, " + this.cancelled + " cancelled, "
				+ this.crashes.deaths() + " deaths, " + this.late + " requests came late, " + this.withdrawn
				+ " steps after their compensation");
		assertThat(this.booked).isGreaterThan(SCHEDULES / 5);
		assertThat(this.cancelled).isGreaterThan(SCHEDULES / 5);
		assertThat(this.crashes.deaths()).isGreaterThan(SCHEDULES / 5);
		assertThat(this.withdrawn.get()).isPositive();
	}

	private void run(World world, Random random) {
		List<Runnable> underWay = Collections.synchronizedList(new ArrayList<>());
		List<Trip> unfinished = new ArrayList<>(world.trips());
		TripSaga saga = new TripSaga(this.idempotency, this.trips,
				UnreliableStep.all(this.steps, new Random(random.nextLong()), underWay));
		this.crashes.strike(DEATH);
		while (!unfinished.isEmpty()) {
			Trip trip = unfinished.get(random.nextInt(unfinished.size()));
			if (random.nextInt(5) == 0) {
				CompletableFuture<Boolean> other = CompletableFuture.supplyAsync(() -> ends(() -> saga.book(trip)));
				arrive(underWay, random);
				ends(() -> saga.book(trip));
				other.join();
			}
			else if (ends(() -> saga.book(trip))) {
				unfinished.remove(trip);
			}
			arrive(underWay, random);
		}
		this.crashes.strike(0);
		while (!underWay.isEmpty()) {
			arrive(underWay, random);
		}
	}

	/** One of the requests that nobody waits for any more. */
	private void arrive(List<Runnable> underWay, Random random) {
		if (!underWay.isEmpty() && random.nextBoolean()) {
			Runnable request = underWay.remove(random.nextInt(underWay.size()));
			this.late++;
			ends(() -> {
				request.run();
				return null;
			});
		}
	}

	/** Whether what a process does comes to its end. */
	private boolean ends(Supplier<?> work) {
		try {
			work.get();
			return !this.crashes.buryTheDead();
		}
		catch (StepWithdrawnException ex) {
			this.withdrawn.incrementAndGet();
		}
		catch (RuntimeException | Crashes.Death ex) {
			// comes again
		}
		this.crashes.buryTheDead();
		return false;
	}

	private void assertWhole(World world, String schedule) {
		int seats = SEATS;
		BigDecimal money = BigDecimal.valueOf(MONEY);
		for (Trip trip : world.trips()) {
			TripStatus status = this.trips.outcome(trip.id()).orElseThrow().status();
			boolean isBooked = status == TripStatus.BOOKED;
			assertThat(isBooked || status == TripStatus.CANCELLED).as(schedule + ": " + status).isTrue();
			assertThat(number("select count(*) from ticket where trip = ?", trip.id())).as(schedule)
				.isEqualByComparingTo(isBooked ? BigDecimal.ONE : BigDecimal.ZERO);
			if (isBooked) {
				assertThat(world.closed()).as(schedule).isFalse();
				seats--;
				money = money.subtract(trip.price());
				this.booked++;
			}
			else {
				this.cancelled++;
			}
		}
		assertThat(number("select seats from flight where code = ?", world.name())).as(schedule)
			.isEqualByComparingTo(BigDecimal.valueOf(seats));
		assertThat(number("select balance from account where id = ?", world.name())).as(schedule)
			.isEqualByComparingTo(money);
	}

	private BigDecimal number(String query, String parameter) {
		return this.jdbc.sql(query).param(parameter).query(BigDecimal.class).single();
	}

	@TestConfiguration
	static class Faults {

		@Bean
		static Crashes crashes() {
			return new Crashes(TripRepository.class, StepLog.class);
		}

	}

}
