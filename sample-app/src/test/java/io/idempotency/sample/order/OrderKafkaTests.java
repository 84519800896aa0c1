package io.idempotency.sample.order;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import io.idempotency.sample.testsupport.Crashes;
import org.aopalliance.intercept.MethodInterceptor;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.annotation.Bean;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.core.KafkaOperations;
import org.springframework.kafka.listener.RecordInterceptor;
import org.springframework.kafka.test.EmbeddedKafkaBroker;
import org.springframework.kafka.test.context.EmbeddedKafka;
import org.springframework.modulith.events.IncompleteEventPublications;
import org.springframework.modulith.events.core.EventPublicationRegistry;
import org.springframework.test.context.ActiveProfiles;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/** The pipeline over a real broker of Kafka ends as it does without one. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "idempotency.store=jdbc-transactional", "orders.redelivery=50ms",
				"spring.datasource.url=jdbc:h2:mem:orders-kafka", "logging.level.org.apache.kafka=off",
				"logging.level.kafka=off" })
@ActiveProfiles("kafka")
@EmbeddedKafka(bootstrapServersProperty = "spring.kafka.bootstrap-servers",
		brokerProperties = { "transaction.state.log.replication.factor=1", "transaction.state.log.min.isr=1",
				"group.initial.rebalance.delay.ms=0" })
class OrderKafkaTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final RestClient client;

	private final String sku = "sku-" + UUID.randomUUID();

	@Autowired
	private Inventory inventory;

	@Autowired
	private OrderRepository orders;

	@Autowired
	private KafkaOperations<String, String> kafka;

	@Autowired
	private KafkaListenerEndpointRegistry containers;

	@Autowired
	private EmbeddedKafkaBroker broker;

	@Autowired
	private IncompleteEventPublications publications;

	@Autowired
	private Deliveries deliveries;

	@Autowired
	private DeathBeforeMark deathBeforeMark;

	@Autowired
	private DeadLetters deadLetters;

	@Autowired
	private JdbcClient jdbc;

	OrderKafkaTests(@LocalServerPort int port) {
		this.client = RestClient.create("http://localhost:" + port);
	}

	@BeforeEach
	void stock() {
		this.inventory.set(this.sku, 10);
	}

	@Test
	void orderIsConfirmedCancelledAndToldOverKafka() {
		long order = place(3);
		awaitTold(order, OrderStatus.CONFIRMED);
		assertThat(quantity()).isEqualTo(7);
		cancel(order);
		awaitTold(order, OrderStatus.CANCELLED);
		assertThat(quantity()).isEqualTo(10);
		assertThat(told(order)).containsExactly(OrderStatus.CONFIRMED, OrderStatus.CANCELLED);
		assertThat(this.deliveries.of(OrderTopics.PLACED, order)).isOne();
	}

	@Test
	void recordsThatAreSentTwiceTakeEffectOnce() {
		long order = place(3);
		awaitTold(order, OrderStatus.CONFIRMED);
		sendAgain(OrderTopics.PLACED, order, placed(order));
		sendAgain(OrderTopics.MOVED, order, "{\"order\":%d,\"status\":\"CONFIRMED\"}".formatted(order));
		cancel(order);
		awaitTold(order, OrderStatus.CANCELLED);
		sendAgain(OrderTopics.CANCELLATIONS, order, "{\"order\":%d}".formatted(order));
		this.deliveries.await(OrderTopics.PLACED, order, 3);
		this.deliveries.await(OrderTopics.CANCELLATIONS, order, 3);
		this.deliveries.await(OrderTopics.NOTICES, order, 4);
		assertThat(quantity()).isEqualTo(10);
		assertThat(told(order)).containsExactly(OrderStatus.CONFIRMED, OrderStatus.CANCELLED);
		assertThat(this.orders.order(order).orElseThrow().version()).isEqualTo(2);
	}

	@Test
	void topicsThatAreDeliveredFromTheirBeginningChangeNothing() throws Exception {
		long kept = place(2);
		long cancelled = place(3);
		awaitTold(kept, OrderStatus.CONFIRMED);
		awaitTold(cancelled, OrderStatus.CONFIRMED);
		cancel(cancelled);
		awaitTold(cancelled, OrderStatus.CANCELLED);
		this.containers.stop();
		for (String topic : OrderTopics.ALL) {
			rewind(topic);
		}
		this.containers.start();
		for (long order : List.of(kept, cancelled)) {
			this.deliveries.await(OrderTopics.PLACED, order, 2);
			// both what was there and what the transformation has made of it once more
			this.deliveries.await(OrderTopics.NOTICES, order, (order == kept) ? 3 : 6);
		}
		this.deliveries.await(OrderTopics.CANCELLATIONS, cancelled, 2);
		assertThat(quantity()).isEqualTo(8);
		assertThat(told(kept)).containsExactly(OrderStatus.CONFIRMED);
		assertThat(told(cancelled)).containsExactly(OrderStatus.CONFIRMED, OrderStatus.CANCELLED);
	}

	@Test
	void relayThatDiesBetweenKafkaAndOutboxSendsAgainAndNothingIsDoneTwice() {
		this.deathBeforeMark.armed = true;
		long order = place(4);
		await().atMost(PATIENCE).until(() -> !this.deathBeforeMark.armed);
		awaitTold(order, OrderStatus.CONFIRMED);
		// as the next process does when it starts
		await().atMost(PATIENCE).until(() -> {
			this.publications.resubmitIncompletePublications((publication) -> true);
			return this.deliveries.of(OrderTopics.PLACED, order) >= 2;
		});
		assertThat(quantity()).isEqualTo(6);
		assertThat(told(order)).containsExactly(OrderStatus.CONFIRMED);
	}

	@Test
	void relayThatDiesBeforeItsCommitIsNotHeardOf() {
		long order = place(1);
		awaitTold(order, OrderStatus.CONFIRMED);
		assertThatIllegalStateException().isThrownBy(() -> this.kafka.executeInTransaction((producer) -> {
			producer.send(OrderTopics.CANCELLATIONS, String.valueOf(order), "{\"order\":%d}".formatted(order)).join();
			throw new IllegalStateException("dies");
		}));
		long later = place(1);
		awaitTold(later, OrderStatus.CONFIRMED);
		// the same key, and so the same partition
		this.kafka.executeInTransaction((producer) -> producer.send(OrderTopics.CANCELLATIONS, String.valueOf(order),
				"{\"order\":%d}".formatted(later)));
		awaitTold(later, OrderStatus.CANCELLED);
		assertThat(this.orders.order(order).orElseThrow().status()).isEqualTo(OrderStatus.CONFIRMED);
	}

	@Test
	void recordThatCannotBeProcessedIsADeadLetterAndDelaysNobodyForLong() {
		String unknown = "unheard-" + UUID.randomUUID();
		long poison = place(unknown, 1);
		await().atMost(PATIENCE)
			.until(() -> this.deadLetters.values.stream().anyMatch((value) -> value.contains(unknown)));
		assertThat(this.orders.order(poison).orElseThrow().status()).isEqualTo(OrderStatus.PLACED);
		awaitTold(place(1), OrderStatus.CONFIRMED);
	}

	private long place(int quantity) {
		return place(this.sku, quantity);
	}

	private long place(String goods, int quantity) {
		return this.client.post()
			.uri("/orders")
			.header("Idempotency-Key", UUID.randomUUID().toString())
			.body(new OrderRequest(goods, quantity))
			.retrieve()
			.body(Order.class)
			.id();
	}

	private void cancel(long order) {
		ResponseEntity<Void> answer = this.client.post()
			.uri("/orders/{id}/cancellation", order)
			.header("Idempotency-Key", UUID.randomUUID().toString())
			.retrieve()
			.toBodilessEntity();
		assertThat(answer.getStatusCode().is2xxSuccessful()).isTrue();
	}

	private String placed(long order) {
		return "{\"order\":%d,\"sku\":\"%s\",\"quantity\":3}".formatted(order, this.sku);
	}

	/** Two more records of an event. */
	private void sendAgain(String topic, long order, String event) {
		this.kafka.executeInTransaction((producer) -> {
			producer.send(topic, String.valueOf(order), event);
			return producer.send(topic, String.valueOf(order), event);
		});
	}

	/** None of its consumers runs. */
	private void rewind(String topic) throws Exception {
		try (Admin admin = Admin.create(Map.of("bootstrap.servers", this.broker.getBrokersAsString()))) {
			Set<TopicPartition> partitions = admin.listConsumerGroupOffsets(topic)
				.partitionsToOffsetAndMetadata()
				.get()
				.keySet();
			assertThat(partitions).isNotEmpty();
			admin
				.alterConsumerGroupOffsets(topic,
						partitions.stream()
							.collect(Collectors.toMap((partition) -> partition,
									(partition) -> new OffsetAndMetadata(0))))
				.all()
				.get();
		}
	}

	private void awaitTold(long order, OrderStatus status) {
		await().atMost(PATIENCE).until(() -> told(order).contains(status));
	}

	private List<OrderStatus> told(long order) {
		return this.orders.notifications()
			.stream()
			.filter((notification) -> notification.order() == order)
			.map(Notification::status)
			.toList();
	}

	private int quantity() {
		return this.jdbc.sql("select quantity from stock where sku = ?").param(this.sku).query(Integer.class).single();
	}

	/** What was processed to its end, by topic and order. */
	static final class Deliveries implements RecordInterceptor<Object, Object> {

		private final Map<String, Integer> done = new ConcurrentHashMap<>();

		@Override
		public ConsumerRecord<Object, Object> intercept(ConsumerRecord<Object, Object> record,
				Consumer<Object, Object> consumer) {
			return record;
		}

		@Override
		public void success(ConsumerRecord<Object, Object> record, Consumer<Object, Object> consumer) {
			this.done.merge(record.topic() + " " + record.key(), 1, Integer::sum);
		}

		int of(String topic, long order) {
			return this.done.getOrDefault(topic + " " + order, 0);
		}

		void await(String topic, long order, int times) {
			Awaitility.await().atMost(PATIENCE).until(() -> of(topic, order) >= times);
		}

	}

	/** Lets a thread die once, after the relay and before the outbox is marked. */
	static final class DeathBeforeMark implements BeanPostProcessor {

		private volatile boolean armed;

		@Override
		public Object postProcessAfterInitialization(Object bean, String beanName) {
			if (!(bean instanceof EventPublicationRegistry)) {
				return bean;
			}
			ProxyFactory proxy = new ProxyFactory(bean);
			proxy.setProxyTargetClass(true);
			proxy.addAdvice((MethodInterceptor) (invocation) -> {
				if (this.armed && invocation.getMethod().getName().equals("markCompleted")
						&& invocation.getArguments()[0] instanceof OrderPlaced) {
					this.armed = false;
					throw new Crashes.Death();
				}
				return invocation.proceed();
			});
			return proxy.getProxy();
		}

	}

	/** What is in the dead-letter topic of placed orders. */
	static final class DeadLetters {

		private final Set<String> values = ConcurrentHashMap.newKeySet();

		@KafkaListener(id = "dead", topics = OrderTopics.PLACED + "-dlt")
		void on(ConsumerRecord<String, String> record) {
			this.values.add(record.value());
		}

	}

	@TestConfiguration
	static class Observation {

		@Bean
		Deliveries deliveries() {
			return new Deliveries();
		}

		@Bean
		static DeathBeforeMark deathBeforeMark() {
			return new DeathBeforeMark();
		}

		@Bean
		DeadLetters deadLetters() {
			return new DeadLetters();
		}

	}

}
