package io.idempotency.messaging.volume;

import io.idempotency.autoconfigure.IdempotencyAutoConfiguration;
import io.idempotency.autoconfigure.IdempotencyKafkaAutoConfiguration;
import io.idempotency.autoconfigure.IdempotencyMessagingAutoConfiguration;
import io.idempotency.autoconfigure.JdbcIdempotencyStoreAutoConfiguration;
import io.idempotency.autoconfigure.JdbcTransactionalIdempotencyStoreAutoConfiguration;
import io.idempotency.Idempotent;
import io.idempotency.messaging.kafka.KafkaRetries;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.FixedBackOff;

/** A consumer in a process of its own, which writes each order into a ledger. */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({ AopAutoConfiguration.class, KafkaAutoConfiguration.class, DataSourceAutoConfiguration.class,
		DataSourceTransactionManagerAutoConfiguration.class, TransactionAutoConfiguration.class,
		JdbcTemplateAutoConfiguration.class, JdbcClientAutoConfiguration.class,
		JdbcIdempotencyStoreAutoConfiguration.class, JdbcTransactionalIdempotencyStoreAutoConfiguration.class,
		IdempotencyAutoConfiguration.class, IdempotencyKafkaAutoConfiguration.class,
		IdempotencyMessagingAutoConfiguration.class })
@Import(VolumeApplication.Orders.class)
class VolumeApplication {

	static final String POISON = "poison";

	/**
	 * @param arguments properties of the application
	 */
	public static void main(String[] arguments) {
		new SpringApplicationBuilder(VolumeApplication.class).web(WebApplicationType.NONE).run(arguments);
	}

	@Bean
	DefaultErrorHandler errorHandler(KafkaTemplate<Object, Object> template) {
		return KafkaRetries
			.apply(new DefaultErrorHandler(new DeadLetterPublishingRecoverer(template), new FixedBackOff(10, 2)));
	}

	static class Orders {

		private final JdbcClient database;

		Orders(JdbcClient database) {
			this.database = database;
		}

		@Idempotent(operation = "order")
		@KafkaListener(id = "orders", topics = "${volume.topic}", concurrency = "2")
		public void on(String order) {
			if (order.startsWith(POISON)) {
				throw new IllegalArgumentException("cannot be processed");
			}
			this.database.sql("insert into ledger (order_id) values (?)").param(order).update();
		}

	}

}
