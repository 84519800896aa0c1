package io.idempotency.sample.order;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;
import static org.awaitility.Awaitility.await;

/** The pipeline as its callers see it. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT, properties = {
		"idempotency.store=jdbc-transactional", "orders.redelivery=20ms", "spring.datasource.url=jdbc:h2:mem:orders" })
class OrderPipelineTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final RestClient client;

	private final String sku = "sku-" + UUID.randomUUID();

	@Autowired
	private Inventory inventory;

	@Autowired
	private OrderRepository orders;

	@Autowired
	private OrderService service;

	@Autowired
	private KafkaListenerEndpointRegistry containers;

	@Autowired
	private JdbcClient jdbc;

	OrderPipelineTests(@LocalServerPort int port) {
		this.client = RestClient.builder()
			.baseUrl("http://localhost:" + port)
			.defaultStatusHandler((status) -> status.isError(), (request, response) -> {
			})
			.build();
	}

	@Test
	void orderThatIsSentTwiceIsPlacedConfirmedAndToldOnce() {
		this.inventory.set(this.sku, 10);
		ResponseEntity<Order> first = place("key-" + this.sku, 3);
		ResponseEntity<Order> retry = place("key-" + this.sku, 3);
		assertThat(first.getStatusCode()).isEqualTo(HttpStatus.CREATED);
		assertThat(retry.getHeaders().getFirst("Idempotent-Replayed")).isEqualTo("true");
		assertThat(retry.getBody()).isEqualTo(first.getBody());
		assertThat(awaitOrder(id(first), OrderStatus.CONFIRMED).version()).isEqualTo(1);
		await().atMost(PATIENCE).until(() -> !told(id(first)).isEmpty());
		assertThat(told(id(first))).containsExactly(OrderStatus.CONFIRMED);
		assertThat(stock()).isEqualTo(7);
		assertThat(this.jdbc.sql("select count(*) from orders where sku = ?")
			.param(this.sku)
			.query(Integer.class)
			.single()).isEqualTo(1);
	}

	@Test
	void orderThatCannotBeFilledIsRejected() {
		this.inventory.set(this.sku, 2);
		long order = id(place(UUID.randomUUID().toString(), 3));
		awaitOrder(order, OrderStatus.REJECTED);
		await().atMost(PATIENCE).until(() -> !told(order).isEmpty());
		assertThat(told(order)).containsExactly(OrderStatus.REJECTED);
		assertThat(stock()).isEqualTo(2);
	}

	@Test
	void cancellationThatIsAskedForTwiceGivesBackOnce() {
		this.inventory.set(this.sku, 10);
		long order = id(place(UUID.randomUUID().toString(), 4));
		awaitOrder(order, OrderStatus.CONFIRMED);
		// two requests with keys of their own are two events
		assertThat(cancel(order)).isEqualTo(HttpStatus.ACCEPTED);
		assertThat(cancel(order)).isEqualTo(HttpStatus.ACCEPTED);
		awaitOrder(order, OrderStatus.CANCELLED);
		awaitEverythingDelivered();
		assertThat(stock()).isEqualTo(10);
		assertThat(told(order)).containsExactly(OrderStatus.CONFIRMED, OrderStatus.CANCELLED);
	}

	@Test
	void poisonIsADeadLetterThatDelaysNobodyAndIsDeliveredAgainOnRequest() {
		long poison = id(place(UUID.randomUUID().toString(), 3));
		Letter letter = await().atMost(PATIENCE).until(() -> deadLetter(poison), (found) -> found.attempts() > 0);
		assertThat(this.orders.order(poison).orElseThrow().status()).isEqualTo(OrderStatus.PLACED);

		String other = "other-" + this.sku;
		this.inventory.set(other, 1);
		awaitOrder(id(place(UUID.randomUUID().toString(), other, 1)), OrderStatus.CONFIRMED);

		assertThat(send(HttpMethod.PUT, "/stock/" + this.sku, "5", UUID.randomUUID().toString()).getStatusCode())
			.isEqualTo(HttpStatus.NO_CONTENT);
		assertThat(redeliver(letter.id())).isEqualTo(HttpStatus.ACCEPTED);
		awaitOrder(poison, OrderStatus.CONFIRMED);
		assertThat(stock()).isEqualTo(2);
		await().atMost(PATIENCE).until(() -> redeliver(letter.id()) == HttpStatus.NOT_FOUND);
	}

	/** What the record of a processed order is for. */
	@Test
	void statementsThatSayWhatChangesMustNotRunTwice() {
		this.inventory.set(this.sku, 10);
		this.inventory.set(this.sku, 10);
		long order = this.orders.add(new OrderRequest(this.sku, 3)).id();
		for (int i = 0; i < 2; i++) {
			this.inventory.take(this.sku, 3);
			this.inventory.reserve(order, this.sku, 3);
		}
		assertThat(stock()).isEqualTo(4);
		assertThat(this.jdbc.sql("select quantity from reservation where order_id = ?")
			.param(order)
			.query(Integer.class)
			.list()).containsExactly(3);
	}

	@Test
	void versionThatIsNotCurrentMovesNothing() {
		Order seen = this.orders.add(new OrderRequest(this.sku, 1));
		assertThat(this.orders.move(seen, OrderStatus.CONFIRMED)).isTrue();
		assertThat(this.orders.move(seen, OrderStatus.REJECTED)).isFalse();
		assertThat(this.orders.order(seen.id()).orElseThrow().status()).isEqualTo(OrderStatus.CONFIRMED);
	}

	@Test
	void eventIsCommittedWithItsOrderOrNotAtAll() {
		OrderRequest tooLong = new OrderRequest("x".repeat(60), 1);
		int before = this.orders.orders().size();
		assertThatException().isThrownBy(() -> this.service.place(tooLong));
		assertThat(this.orders.orders()).hasSize(before);
		assertThat(this.jdbc.sql("select count(*) from event_publication where serialized_event like '%xxxxxx%'")
			.query(Integer.class)
			.single()).isZero();
	}

	@Test
	void withoutItsProfileNothingListensToKafka() {
		assertThat(this.containers.getListenerContainers()).isEmpty();
	}

	private ResponseEntity<Order> place(String key, int quantity) {
		return place(key, this.sku, quantity);
	}

	private ResponseEntity<Order> place(String key, String goods, int quantity) {
		return this.client.post()
			.uri("/orders")
			.header("Idempotency-Key", key)
			.body(new OrderRequest(goods, quantity))
			.retrieve()
			.toEntity(Order.class);
	}

	private static long id(ResponseEntity<Order> placed) {
		return placed.getBody().id();
	}

	private Object cancel(long order) {
		return send(HttpMethod.POST, "/orders/" + order + "/cancellation", "{}", UUID.randomUUID().toString())
			.getStatusCode();
	}

	private Object redeliver(UUID letter) {
		return send(HttpMethod.POST, "/dead-letters/" + letter + "/redelivery", "{}", UUID.randomUUID().toString())
			.getStatusCode();
	}

	private ResponseEntity<Void> send(HttpMethod method, String path, String body, String key) {
		return this.client.method(method)
			.uri(path)
			.contentType(MediaType.APPLICATION_JSON)
			.header("Idempotency-Key", key)
			.body(body)
			.retrieve()
			.toBodilessEntity();
	}

	private Order awaitOrder(long id, OrderStatus status) {
		Predicate<Order> there = (order) -> order.status() == status;
		return await().atMost(PATIENCE).until(() -> this.orders.order(id).orElseThrow(), there);
	}

	private void awaitEverythingDelivered() {
		await().atMost(PATIENCE)
			.until(() -> this.jdbc.sql("select count(*) from event_publication where status <> 'COMPLETED'")
				.query(Integer.class)
				.single() == 0);
	}

	private Letter deadLetter(long order) {
		return Stream.of(this.client.get().uri("/dead-letters").retrieve().body(Letter[].class))
			.filter((letter) -> letter.event().order() == order)
			.findFirst()
			.orElse(Letter.NONE);
	}

	/** A dead letter as its readers see it. */
	private record Letter(UUID id, int attempts, Event event) {

		private static final Letter NONE = new Letter(new UUID(0, 0), 0, new Event(0));

		private record Event(long order) {
		}

	}

	private List<OrderStatus> told(long order) {
		return this.orders.notifications()
			.stream()
			.filter((notification) -> notification.order() == order)
			.map(Notification::status)
			.toList();
	}

	private int stock() {
		return this.jdbc.sql("select quantity from stock where sku = ?").param(this.sku).query(Integer.class).single();
	}

}
