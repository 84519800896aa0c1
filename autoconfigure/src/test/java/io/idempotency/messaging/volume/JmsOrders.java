package io.idempotency.messaging.volume;

import io.idempotency.Idempotent;
import jakarta.jms.ConnectionFactory;
import jakarta.jms.JMSException;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jms.annotation.JmsListener;
import org.springframework.transaction.annotation.Transactional;

/** Orders that come through JMS. */
@Configuration(proxyBeanMethods = false)
@Import(JmsOrders.Listener.class)
class JmsOrders {

	@Bean
	ConnectionFactory connectionFactory(@Value("${volume.broker}") String broker) throws JMSException {
		ActiveMQConnectionFactory connections = new ActiveMQConnectionFactory();
		connections.setBrokerURL(broker);
		return connections;
	}

	static class Listener {

		private final OrderBook orders;

		Listener(OrderBook orders) {
			this.orders = orders;
		}

		@Idempotent(operation = "order")
		@Transactional
		@JmsListener(destination = "${volume.destination}",
				concurrency = VolumeContract.CONCURRENCY + "-" + VolumeContract.CONCURRENCY)
		public void on(String order) {
			this.orders.book(order, "queue");
		}

	}

}
