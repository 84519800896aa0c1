package io.idempotency.messaging.volume;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.kafka.test.EmbeddedKafkaKraftBroker;

import static org.assertj.core.api.Assertions.assertThat;

/** Records of Kafka, whose partitions move when a consumer dies and when one comes. */
@Tag("volume")
class KafkaVolumeIT extends VolumeContract {

	/** Two for each listener, so that none is idle while another has work. */
	private static final int PARTITIONS = 4 * CONCURRENCY;

	private final EmbeddedKafkaKraftBroker broker = new EmbeddedKafkaKraftBroker(1, PARTITIONS);

	private Admin admin;

	@BeforeAll
	void start() {
		this.broker.brokerProperty("group.initial.rebalance.delay.ms", "0");
		this.broker.brokerProperty("offsets.topic.num.partitions", "1");
		this.broker.afterPropertiesSet();
		this.admin = Admin.create(Map.of("bootstrap.servers", this.broker.getBrokersAsString()));
	}

	@AfterAll
	void stop() {
		this.admin.close();
		this.broker.destroy();
	}

	@Override
	Class<?> listeners() {
		return KafkaOrders.class;
	}

	@Override
	List<String> properties() {
		return List.of("spring.kafka.bootstrap-servers=" + this.broker.getBrokersAsString(),
				"spring.kafka.consumer.auto-offset-reset=earliest",
				"spring.kafka.consumer.properties[session.timeout.ms]=8000",
				"spring.kafka.consumer.properties[heartbeat.interval.ms]=1000");
	}

	@Override
	void open(String destination) throws Exception {
		this.admin.createTopics(List.of(new NewTopic(destination, PARTITIONS, (short) 1),
				new NewTopic(destination + "-dlt", PARTITIONS, (short) 1)))
			.all()
			.get();
	}

	@Override
	void send(String destination, List<String> messages) throws Exception {
		// a busy machine may let a broker wait for longer than a producer does by default
		Map<String, Object> patience = Map.of("bootstrap.servers", this.broker.getBrokersAsString(), "acks", "all",
				"request.timeout.ms", 60_000, "max.block.ms", 240_000, "delivery.timeout.ms", 240_000);
		try (KafkaProducer<String, String> producer = new KafkaProducer<>(patience, new StringSerializer(),
				new StringSerializer())) {
			List<Future<RecordMetadata>> sent = new ArrayList<>();
			for (int i = 0; i < messages.size(); i++) {
				String message = messages.get(i);
				// a duplicate may be in any partition, and be processed meanwhile
				ProducerRecord<String, String> record = new ProducerRecord<>(destination, i % PARTITIONS, null,
						message);
				record.headers().add("Idempotency-Key", message.getBytes(StandardCharsets.UTF_8));
				sent.add(producer.send(record));
			}
			for (Future<RecordMetadata> arrived : sent) {
				arrived.get();
			}
		}
	}

	@Override
	int consumers(String destination) throws InterruptedException {
		Map<String, KafkaFuture<ConsumerGroupDescription>> groups = this.admin
			.describeConsumerGroups(List.of(destination))
			.describedGroups();
		try {
			ConsumerGroupDescription group = groups.get(destination).get();
			return (group.groupState() != GroupState.STABLE) ? 0
					: (int) group.members()
						.stream()
						.filter((member) -> !member.assignment().topicPartitions().isEmpty())
						.count();
		}
		catch (ExecutionException ex) {
			// nobody has asked for it yet
			assertThat(ex).hasCauseInstanceOf(GroupIdNotFoundException.class);
			return 0;
		}
	}

	@Override
	long left(String destination) throws Exception {
		var committed = this.admin.listConsumerGroupOffsets(destination).partitionsToOffsetAndMetadata().get();
		long left = 0;
		try (KafkaConsumer<String, String> consumer = consumer()) {
			for (var end : consumer.endOffsets(partitions(destination)).entrySet()) {
				left += end.getValue()
						- ((committed.get(end.getKey()) != null) ? committed.get(end.getKey()).offset() : 0);
			}
		}
		return left;
	}

	@Override
	List<String> dead(String destination) {
		List<String> values = new ArrayList<>();
		try (KafkaConsumer<String, String> consumer = consumer()) {
			List<TopicPartition> partitions = partitions(destination + "-dlt");
			consumer.assign(partitions);
			consumer.seekToBeginning(partitions);
			Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
			while (partitions.stream().anyMatch((partition) -> consumer.position(partition) < ends.get(partition))) {
				consumer.poll(Duration.ofMillis(200)).forEach((record) -> {
					assertThat(text(record, KafkaHeaders.DLT_EXCEPTION_CAUSE_FQCN)).as("why %s is dead", record.value())
						.isEqualTo(IllegalArgumentException.class.getName());
					assertThat(text(record, KafkaHeaders.DLT_EXCEPTION_MESSAGE)).endsWith("; cannot be processed");
					values.add(record.value());
				});
			}
		}
		return values;
	}

	private KafkaConsumer<String, String> consumer() {
		return new KafkaConsumer<>(Map.of("bootstrap.servers", this.broker.getBrokersAsString()),
				new StringDeserializer(), new StringDeserializer());
	}

	private static List<TopicPartition> partitions(String topic) {
		return IntStream.range(0, PARTITIONS).mapToObj((number) -> new TopicPartition(topic, number)).toList();
	}

	private static String text(ConsumerRecord<String, String> record, String header) {
		return new String(record.headers().lastHeader(header).value(), StandardCharsets.UTF_8);
	}

}
