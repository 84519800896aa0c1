package io.idempotency.messaging.volume;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.idempotency.testsupport.RedisProcess;
import jakarta.jms.JMSContext;
import jakarta.jms.JMSConsumer;
import org.apache.activemq.artemis.api.core.QueueConfiguration;
import org.apache.activemq.artemis.api.core.RoutingType;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** Messages of an Artemis in this process, which other processes reach over TCP. */
@Tag("volume")
class JmsVolumeIT extends VolumeContract {

	private final String address = "tcp://127.0.0.1:" + RedisProcess.freePort();

	private final Map<String, List<String>> dead = new HashMap<>();

	private EmbeddedActiveMQ broker;

	private ActiveMQConnectionFactory connections;

	@BeforeAll
	void start() throws Exception {
		Configuration configuration = new ConfigurationImpl().setPersistenceEnabled(false)
			.setSecurityEnabled(false)
			.setJournalDirectory("target/artemis-volume")
			.addAcceptorConfiguration("netty", this.address);
		this.broker = new EmbeddedActiveMQ().setConfiguration(configuration).start();
		this.connections = new ActiveMQConnectionFactory(this.address);
	}

	@AfterAll
	void stop() throws Exception {
		this.connections.close();
		this.broker.stop();
	}

	@Override
	Class<?> listeners() {
		return JmsOrders.class;
	}

	/**
	 * The broker counts as delivered what it had sent ahead to a listener that died, and
	 * then to the next one of the same process.
	 */
	@Override
	int tries() {
		return TRIES + CONCURRENCY;
	}

	@Override
	List<String> properties() {
		return List.of("volume.broker=" + this.address);
	}

	@Override
	void open(String destination) throws Exception {
		this.broker.getActiveMQServer()
			.getAddressSettingsRepository()
			.addMatch(destination,
					new AddressSettings().setDeadLetterAddress(SimpleString.of(destination + "-dead"))
						.setMaxDeliveryAttempts(tries())
						.setRedeliveryDelay(100));
		for (String queue : List.of(destination, destination + "-dead")) {
			this.broker.getActiveMQServer()
				.createQueue(QueueConfiguration.of(queue).setRoutingType(RoutingType.ANYCAST).setDurable(true));
		}
	}

	@Override
	void send(String destination, List<String> messages) {
		try (JMSContext context = this.connections.createContext(JMSContext.SESSION_TRANSACTED)) {
			for (String message : messages) {
				context.createProducer()
					.setProperty("Idempotency_Key", message)
					.send(context.createQueue(destination), message);
			}
			context.commit();
		}
	}

	@Override
	int consumers(String destination) {
		return this.broker.getActiveMQServer().locateQueue(destination).getConsumerCount();
	}

	@Override
	long left(String destination) {
		return this.broker.getActiveMQServer().locateQueue(destination).getMessageCount();
	}

	@Override
	List<String> dead(String destination) {
		List<String> all = this.dead.computeIfAbsent(destination, (missing) -> new ArrayList<>());
		try (JMSContext context = this.connections.createContext();
				JMSConsumer consumer = context.createConsumer(context.createQueue(destination + "-dead"))) {
			String message = consumer.receiveBody(String.class, 100);
			while (message != null) {
				all.add(message);
				message = consumer.receiveBody(String.class, 100);
			}
		}
		return all;
	}

}
