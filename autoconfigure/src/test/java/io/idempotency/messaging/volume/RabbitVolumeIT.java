package io.idempotency.messaging.volume;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.GetResponse;
import io.idempotency.messaging.amqp.RabbitProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** Messages of a real RabbitMQ, the server that {@code rabbitmq.server} names. */
@Tag("volume")
class RabbitVolumeIT extends VolumeContract {

	private static final long CONFIRMATION_MILLIS = 60_000;

	private final Map<String, List<String>> dead = new HashMap<>();

	private RabbitProcess broker;

	private Connection connection;

	@BeforeAll
	void start() throws Exception {
		this.broker = new RabbitProcess();
		ConnectionFactory connections = new ConnectionFactory();
		connections.setHost("127.0.0.1");
		connections.setPort(this.broker.port());
		this.connection = connections.newConnection();
	}

	@AfterAll
	void stop() {
		if (this.connection != null) {
			this.connection.abort();
		}
		this.broker.close();
	}

	@Override
	Class<?> listeners() {
		return RabbitOrders.class;
	}

	@Override
	List<String> properties() {
		return List.of("spring.rabbitmq.host=127.0.0.1", "spring.rabbitmq.port=" + this.broker.port(),
				"spring.rabbitmq.listener.simple.default-requeue-rejected=false",
				"spring.rabbitmq.listener.simple.retry.enabled=true",
				"spring.rabbitmq.listener.simple.retry.max-retries=" + (TRIES - 1),
				"spring.rabbitmq.listener.simple.retry.initial-interval=100ms",
				"spring.rabbitmq.listener.simple.retry.multiplier=1");
	}

	@Override
	void open(String destination) throws Exception {
		try (Channel channel = this.connection.createChannel()) {
			channel.queueDeclare(destination, true, false, false,
					Map.of("x-dead-letter-exchange", "", "x-dead-letter-routing-key", destination + ".dead"));
			channel.queueDeclare(destination + ".dead", true, false, false, Map.of());
		}
	}

	@Override
	void send(String destination, List<String> messages) throws Exception {
		try (Channel channel = this.connection.createChannel()) {
			channel.confirmSelect();
			for (String message : messages) {
				BasicProperties properties = new BasicProperties.Builder().contentType("text/plain")
					.deliveryMode(2)
					.headers(Map.of("Idempotency-Key", message))
					.build();
				channel.basicPublish("", destination, true, properties, message.getBytes(StandardCharsets.UTF_8));
			}
			channel.waitForConfirmsOrDie(CONFIRMATION_MILLIS);
		}
	}

	@Override
	int consumers(String destination) throws Exception {
		try (Channel channel = this.connection.createChannel()) {
			return channel.queueDeclarePassive(destination).getConsumerCount();
		}
	}

	/** Those that wait: what was delivered and not acknowledged is not told. */
	@Override
	long left(String destination) throws Exception {
		try (Channel channel = this.connection.createChannel()) {
			return channel.messageCount(destination);
		}
	}

	@Override
	List<String> dead(String destination) throws Exception {
		List<String> all = this.dead.computeIfAbsent(destination, (missing) -> new ArrayList<>());
		try (Channel channel = this.connection.createChannel()) {
			GetResponse message = channel.basicGet(destination + ".dead", true);
			while (message != null) {
				all.add(new String(message.getBody(), StandardCharsets.UTF_8));
				message = channel.basicGet(destination + ".dead", true);
			}
		}
		return all;
	}

}
