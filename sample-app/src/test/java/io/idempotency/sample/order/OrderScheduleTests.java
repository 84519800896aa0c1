package io.idempotency.sample.order;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import io.idempotency.sample.testsupport.Crashes;
import jakarta.servlet.Filter;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.modulith.events.IncompleteEventPublications;
import org.springframework.modulith.events.core.EventPublicationRegistry;
import org.springframework.modulith.events.core.TargetEventPublication;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The pipeline under generated schedules: processes that die between any two steps,
 * answers that are lost, events that come twice, at the same time, late or in another
 * order. Whatever happens, the state in the end is that of the same orders without any of
 * this.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "idempotency.store=jdbc-transactional", "orders.redelivery=1h",
				"spring.datasource.url=jdbc:h2:mem:schedules", "spring.modulith.events.completion-mode=delete",
				"logging.level.root=off", "logging.level.io.idempotency.sample=info" })
class OrderScheduleTests {

	private static final Log logger = LogFactory.getLog(OrderScheduleTests.class);

	private static final int SCHEDULES = Integer.getInteger("order.schedules", 50);

	/** The probability that a process dies before, or after, a step. */
	private static final double DEATH = 0.04;

	@Autowired
	private Crashes crashes;

	@Autowired
	private HeldTasks tasks;

	@Autowired
	private OrderEvents listeners;

	@Autowired
	private OrderRepository orders;

	@Autowired
	private Redelivery redelivery;

	@Autowired
	private IncompleteEventPublications publications;

	@Autowired
	private EventPublicationRegistry registry;

	@Autowired
	private JdbcClient jdbc;

	private final RestClient client;

	private final AtomicInteger deliveries = new AtomicInteger();

	private final AtomicInteger duplicates = new AtomicInteger();

	private int lostAnswers;

	OrderScheduleTests(@LocalServerPort int port) {
		this.client = RestClient.builder()
			.baseUrl("http://localhost:" + port)
			.defaultStatusHandler(HttpStatusCode::isError, (request, response) -> {
			})
			.build();
	}

	/**
	 * One customer's wish.
	 *
	 * @param quantity how many are ordered
	 * @param stock how many there are; below zero if nobody knows the goods at first
	 * @param cancelled whether the order is cancelled at once
	 */
	private record Wish(int quantity, int stock, boolean cancelled) {

		static Wish any(Random random) {
			return new Wish(random.nextInt(1, 4), random.nextInt(-1, 6), random.nextInt(3) == 0);
		}

	}

	@Test
	void finalStateOfEveryScheduleIsThatOfTheRunWithoutFaults() throws Exception {
		for (int seed = 0; seed < SCHEDULES; seed++) {
			Random random = new Random(seed);
			List<Wish> wishes = IntStream.range(0, random.nextInt(1, 4)).mapToObj((i) -> Wish.any(random)).toList();
			List<String> expected = run(wishes, random, false);
			List<String> actual = run(wishes, random, true);
			assertThat(actual).as("schedule " + seed + ": " + wishes).isEqualTo(expected);
		}
		logger.info(SCHEDULES + " schedules: " + this.deliveries + " deliveries, " + this.duplicates
				+ " of them duplicates, " + this.crashes.deaths() + " deaths, " + this.lostAnswers + " answers lost");
		assertThat(this.crashes.deaths()).isGreaterThan(SCHEDULES);
		assertThat(this.duplicates.get()).isGreaterThan(SCHEDULES);
	}

	/** What the final state says of each wish. */
	private List<String> run(List<Wish> wishes, Random random, boolean faulty) throws Exception {
		this.crashes.strike(faulty ? DEATH : 0);
		List<String> skus = wishes.stream().map((wish) -> UUID.randomUUID().toString()).toList();
		for (int i = 0; i < wishes.size(); i++) {
			if (wishes.get(i).stock() >= 0) {
				setStock(skus.get(i), wishes.get(i).stock());
			}
		}
		List<Long> ids = new ArrayList<>();
		for (int i = 0; i < wishes.size(); i++) {
			String order = insist("/orders",
					"{\"sku\":\"%s\",\"quantity\":%d}".formatted(skus.get(i), wishes.get(i).quantity()), random,
					faulty);
			ids.add(Long.valueOf(order.substring(order.lastIndexOf('/') + 1)));
			deliverSome(random, faulty);
			if (wishes.get(i).cancelled()) {
				insist(order + "/cancellation", "{}", random, faulty);
			}
		}
		settle(random, faulty);
		for (int i = 0; i < wishes.size(); i++) {
			if (wishes.get(i).stock() < 0) {
				setStock(skus.get(i), 10);
			}
		}
		for (int round = 0; !this.registry.findIncompletePublications().isEmpty(); round++) {
			assertThat(round)
				.as(() -> "still undelivered: " + this.registry.findIncompletePublications()
					.stream()
					.map((left) -> left.getEvent() + " " + left.getStatus() + " " + left.getCompletionAttempts())
					.toList())
				.isLessThan(20);
			this.redelivery.deadLetters().forEach((letter) -> this.redelivery.redeliver(letter.id()));
			settle(random, false);
		}
		this.crashes.strike(0);
		return IntStream.range(0, ids.size()).mapToObj((i) -> state(ids.get(i), skus.get(i))).toList();
	}

	private void setStock(String sku, int quantity) {
		this.jdbc.sql("merge into stock (sku, quantity) key (sku) values (?, ?)").params(sku, quantity).update();
	}

	/** A customer who asks with one key until there is an answer. */
	private String insist(String path, String body, Random random, boolean faulty) {
		String key = UUID.randomUUID().toString();
		while (true) {
			int before = this.crashes.deaths();
			ResponseEntity<String> response = this.client.post()
				.uri(path)
				.contentType(MediaType.APPLICATION_JSON)
				.header("Idempotency-Key", key)
				.body(body)
				.retrieve()
				.toEntity(String.class);
			boolean died = this.crashes.deaths() > before;
			if (died) {
				restart();
			}
			if (faulty && random.nextInt(4) == 0) {
				this.lostAnswers++;
			}
			else if (!died && response.getStatusCode().is2xxSuccessful()) {
				return String.valueOf(response.getHeaders().getLocation());
			}
		}
	}

	private void deliverSome(Random random, boolean faulty) throws Exception {
		for (int i = random.nextInt(3); i > 0 && !this.tasks.isEmpty(); i--) {
			deliver(random, faulty);
		}
	}

	/** Delivers until only dead letters are left. */
	private void settle(Random random, boolean faulty) throws Exception {
		do {
			while (!this.tasks.isEmpty()) {
				deliver(random, faulty);
			}
			this.crashes.strike(0);
			// what no process works at: the application looks for that once a minute
			this.registry.markStalePublicationsFailed((status) -> Duration.ofSeconds(-1));
			this.redelivery.redeliver();
			this.crashes.strike(faulty ? DEATH : 0);
		}
		while (!this.tasks.isEmpty());
		this.crashes.strike(0);
	}

	private void deliver(Random random, boolean faulty) throws Exception {
		int fate = faulty ? random.nextInt(10) : 9;
		boolean sentAgain = fate < 3 && sendAgain(random);
		boolean died;
		if (sentAgain && fate == 0) {
			// the two that were sent last are of one event
			Callable<?> twin = this.tasks.takeLast();
			CompletableFuture<Boolean> other = CompletableFuture.supplyAsync(() -> dies(twin));
			died = dies(this.tasks.takeLast()) | other.get();
		}
		else {
			died = dies(this.tasks.takeAny(random));
		}
		if (died) {
			restart();
		}
	}

	/** Two more deliveries of an event that the outbox still has. */
	private boolean sendAgain(Random random) {
		this.crashes.strike(0);
		List<TargetEventPublication> known = List.copyOf(this.registry.findIncompletePublications());
		if (known.isEmpty()) {
			this.crashes.strike(DEATH);
			return false;
		}
		Object event = known.get(random.nextInt(known.size())).getEvent();
		for (int i = 0; i < 2; i++) {
			this.duplicates.incrementAndGet();
			if (event instanceof OrderPlaced placed) {
				this.listeners.on(placed);
			}
			else if (event instanceof CancellationRequested cancellation) {
				this.listeners.on(cancellation);
			}
			else {
				this.listeners.on((OrderMoved) event);
			}
		}
		this.crashes.strike(DEATH);
		return true;
	}

	private boolean dies(Callable<?> task) {
		this.deliveries.incrementAndGet();
		try {
			task.call();
		}
		catch (Throwable ex) {
			// the outbox knows
		}
		return this.crashes.buryTheDead();
	}

	/** What the process held in memory is gone, and its successor reads the outbox. */
	private void restart() {
		this.crashes.strike(0);
		this.tasks.forget();
		this.publications.resubmitIncompletePublications((publication) -> true);
		this.crashes.strike(DEATH);
	}

	private String state(long order, String sku) {
		Order found = this.orders.order(order).orElseThrow();
		return found.status() + " version " + found.version() + ", stock "
				+ values("select quantity from stock where sku = ?", sku) + ", reserved "
				+ values("select quantity from reservation where order_id = ?", order) + ", told "
				+ values("select status from notification where order_id = ? order by status", order);
	}

	private List<String> values(String query, Object parameter) {
		return this.jdbc.sql(query).param(parameter).query(String.class).list();
	}

	@TestConfiguration
	static class Faults {

		@Bean
		static Crashes crashes() {
			return new Crashes(OrderRepository.class, Inventory.class, EventPublicationRegistry.class);
		}

		@Bean
		FilterRegistrationBean<Filter> burial(Crashes crashes) {
			FilterRegistrationBean<Filter> first = new FilterRegistrationBean<>((request, response, chain) -> {
				try {
					chain.doFilter(request, response);
				}
				finally {
					crashes.buryTheDead();
				}
			});
			first.setOrder(Ordered.HIGHEST_PRECEDENCE);
			return first;
		}

		@Bean({ "applicationTaskExecutor", "taskExecutor" })
		HeldTasks applicationTaskExecutor() {
			return new HeldTasks();
		}

	}

}
