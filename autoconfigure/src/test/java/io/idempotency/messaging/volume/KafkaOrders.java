package io.idempotency.messaging.volume;

import io.idempotency.Idempotent;
import io.idempotency.messaging.kafka.KafkaRetries;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.util.backoff.FixedBackOff;

/** Orders that come through Kafka. */
@Configuration(proxyBeanMethods = false)
@Import(KafkaOrders.Listener.class)
class KafkaOrders {

	@Bean
	DefaultErrorHandler errorHandler(KafkaTemplate<Object, Object> template) {
		return KafkaRetries.apply(new DefaultErrorHandler(new DeadLetterPublishingRecoverer(template),
				new FixedBackOff(100, VolumeContract.TRIES - 1)));
	}

	static class Listener {

		private final OrderBook orders;

		Listener(OrderBook orders) {
			this.orders = orders;
		}

		@Idempotent(operation = "order")
		@Transactional
		@KafkaListener(id = "orders", groupId = "${volume.destination}", topics = "${volume.destination}",
				concurrency = "" + VolumeContract.CONCURRENCY)
		public void on(String order, @Header(KafkaHeaders.RECEIVED_PARTITION) int partition) {
			this.orders.book(order, "partition " + partition);
		}

	}

}
