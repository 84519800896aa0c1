package io.idempotency.messaging.volume;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.h2.tools.Server;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Many messages, of which three in ten are duplicates and some are poison, for two
 * consumers in processes of their own: one is killed in mid-batch, another takes its
 * place, and partitions move twice. How many messages: the system property
 * {@code volume.messages}.
 */
@Tag("volume")
class KafkaVolumeIT {

	private static final int MESSAGES = Integer.getInteger("volume.messages", 10_000);

	private static final int POISON = 20;

	private static final int PARTITIONS = 6;

	/** Threads of a process that may be in the middle of a record. */
	private static final int CONCURRENCY = 2;

	private EmbeddedKafkaKraftBroker broker;

	private Server databases;

	@BeforeEach
	void start() throws SQLException {
		this.broker = new EmbeddedKafkaKraftBroker(1, PARTITIONS);
		this.broker.afterPropertiesSet();
		this.databases = Server.createTcpServer("-tcpPort", "0", "-ifNotExists").start();
	}

	@AfterEach
	void stop() {
		this.databases.stop();
		this.broker.destroy();
	}

	@ParameterizedTest
	@CsvSource({ "jdbc," + CONCURRENCY, "jdbc-transactional,0" })
	void everyOrderIsInTheLedgerOnce(String store, int mayBeDoubled) throws Exception {
		String topic = "volume-" + store;
		String url = "jdbc:h2:tcp://127.0.0.1:" + this.databases.getPort() + "/mem:" + store + ";DB_CLOSE_DELAY=-1";
		List<String> properties = List.of("spring.kafka.bootstrap-servers=" + this.broker.getBrokersAsString(),
				"spring.kafka.consumer.auto-offset-reset=earliest",
				"spring.kafka.consumer.properties[session.timeout.ms]=6000",
				"spring.kafka.consumer.properties[heartbeat.interval.ms]=1000", "spring.datasource.url=" + url,
				"spring.datasource.username=sa", "idempotency.store=" + store, "idempotency.lease=5s",
				"idempotency.store-timeout=2s", "idempotency.jdbc.initialize-schema=always", "volume.topic=" + topic,
				"logging.level.root=warn", "spring.main.banner-mode=off");
		try (Connection database = DriverManager.getConnection(url, "sa", "")) {
			try (Statement statement = database.createStatement()) {
				statement.execute("create table ledger (id bigint auto_increment primary key, order_id varchar(64))");
			}
			Set<String> orders = new HashSet<>();
			Set<String> poison = new HashSet<>();
			send(topic, orders, poison);
			List<VolumeNode> nodes = new ArrayList<>();
			try {
				nodes.add(new VolumeNode(store + "-1", properties));
				nodes.add(new VolumeNode(store + "-2", properties));
				awaitRows(database, orders.size() / 4);
				nodes.get(0).kill();
				int atDeath = rows(database);
				nodes.add(new VolumeNode(store + "-3", properties));
				await().atMost(Duration.ofMinutes(5))
					.pollInterval(Duration.ofMillis(500))
					.untilAsserted(() -> assertThat(left(topic)).isZero());
				report(store, atDeath, database, orders.size());
			}
			finally {
				nodes.forEach(VolumeNode::kill);
			}
			Map<String, String> dead = dead(topic + "-dlt");
			assertThat(new TreeSet<>(dead.values())).as("why records are dead letters")
				.containsExactly(IllegalArgumentException.class.getName() + ": cannot be processed");
			assertThat(dead.keySet()).as("dead letters").isEqualTo(poison);
			assertThat(orders(database)).as("nothing is lost").isEqualTo(orders);
			assertThat(rows(database) - orders.size()).as("doubles").isBetween(0, mayBeDoubled);
		}
	}

	private void send(String topic, Set<String> orders, Set<String> poison) throws Exception {
		List<String> messages = new ArrayList<>();
		int distinct = MESSAGES * 7 / 10;
		for (int i = 0; i < MESSAGES; i++) {
			messages.add("order-" + i % distinct);
		}
		for (int i = 0; i < POISON; i++) {
			messages.add(VolumeApplication.POISON + "-" + i);
		}
		Collections.shuffle(messages, new Random(7));
		try (Admin admin = Admin.create(Map.of("bootstrap.servers", this.broker.getBrokersAsString()))) {
			admin
				.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1),
						new NewTopic(topic + "-dlt", PARTITIONS, (short) 1)))
				.all()
				.get();
		}
		try (KafkaProducer<String, String> producer = new KafkaProducer<>(
				Map.of("bootstrap.servers", this.broker.getBrokersAsString()), new StringSerializer(),
				new StringSerializer())) {
			List<Future<RecordMetadata>> sent = new ArrayList<>();
			for (int i = 0; i < messages.size(); i++) {
				String message = messages.get(i);
				// a duplicate may be in any partition, and be processed meanwhile
				ProducerRecord<String, String> record = new ProducerRecord<>(topic, i % PARTITIONS, null, message);
				record.headers().add("Idempotency-Key", message.getBytes(StandardCharsets.UTF_8));
				sent.add(producer.send(record));
				(message.startsWith(VolumeApplication.POISON) ? poison : orders).add(message);
			}
			// what has not arrived cannot be lost by a consumer
			for (Future<RecordMetadata> arrived : sent) {
				arrived.get();
			}
		}
	}

	/** How many records the group has not committed yet. */
	private long left(String topic) throws ExecutionException, InterruptedException {
		try (Admin admin = Admin.create(Map.of("bootstrap.servers", this.broker.getBrokersAsString()))) {
			var committed = admin.listConsumerGroupOffsets("orders").partitionsToOffsetAndMetadata().get();
			long left = 0;
			for (int i = 0; i < PARTITIONS; i++) {
				TopicPartition partition = new TopicPartition(topic, i);
				long end = admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
					.all()
					.get()
					.get(partition)
					.offset();
				left += end - ((committed.get(partition) != null) ? committed.get(partition).offset() : 0);
			}
			return left;
		}
	}

	/** What is in a topic of dead letters, and why. */
	private Map<String, String> dead(String topic) {
		Map<String, String> values = new TreeMap<>();
		try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
				Map.of("bootstrap.servers", this.broker.getBrokersAsString()), new StringDeserializer(),
				new StringDeserializer())) {
			List<TopicPartition> partitions = new ArrayList<>();
			for (int i = 0; i < PARTITIONS; i++) {
				partitions.add(new TopicPartition(topic, i));
			}
			consumer.assign(partitions);
			consumer.seekToBeginning(partitions);
			Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
			while (partitions.stream().anyMatch((partition) -> consumer.position(partition) < ends.get(partition))) {
				consumer.poll(Duration.ofMillis(200))
					.forEach((record) -> values.put(record.value(),
							text(record, KafkaHeaders.DLT_EXCEPTION_CAUSE_FQCN) + ": " + why(record)));
			}
		}
		return values;
	}

	private static String why(ConsumerRecord<String, String> record) {
		String message = text(record, KafkaHeaders.DLT_EXCEPTION_MESSAGE);
		return message.substring(message.lastIndexOf("; ") + 2);
	}

	private static String text(ConsumerRecord<String, String> record, String header) {
		return new String(record.headers().lastHeader(header).value(), StandardCharsets.UTF_8);
	}

	private static void awaitRows(Connection database, int count) {
		await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(20)).until(() -> rows(database) >= count);
	}

	private static int rows(Connection database) throws SQLException {
		try (Statement statement = database.createStatement();
				ResultSet result = statement.executeQuery("select count(*) from ledger")) {
			result.next();
			return result.getInt(1);
		}
	}

	private static Set<String> orders(Connection database) throws SQLException {
		Set<String> orders = new HashSet<>();
		try (Statement statement = database.createStatement();
				ResultSet result = statement.executeQuery("select distinct order_id from ledger")) {
			while (result.next()) {
				orders.add(result.getString(1));
			}
		}
		return orders;
	}

	private static void report(String store, int atDeath, Connection database, int orders) throws SQLException {
		System.out.printf("| Kafka | %s | %d messages | %d orders | killed after %d | %d rows | %d doubles |%n", store,
				MESSAGES, orders, atDeath, rows(database), rows(database) - orders);
	}

}
