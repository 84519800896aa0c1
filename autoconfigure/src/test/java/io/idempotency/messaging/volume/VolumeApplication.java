package io.idempotency.messaging.volume;

import io.idempotency.autoconfigure.IdempotencyAmqpAutoConfiguration;
import io.idempotency.autoconfigure.IdempotencyAutoConfiguration;
import io.idempotency.autoconfigure.IdempotencyJmsAutoConfiguration;
import io.idempotency.autoconfigure.IdempotencyKafkaAutoConfiguration;
import io.idempotency.autoconfigure.IdempotencyMessagingAutoConfiguration;
import io.idempotency.autoconfigure.IdempotencyRedisStreamAutoConfiguration;
import io.idempotency.autoconfigure.JdbcIdempotencyStoreAutoConfiguration;
import io.idempotency.autoconfigure.JdbcTransactionalIdempotencyStoreAutoConfiguration;
import io.idempotency.autoconfigure.RedisIdempotencyStoreAutoConfiguration;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.amqp.autoconfigure.RabbitAutoConfiguration;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.jms.autoconfigure.JmsAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** A consumer in a process of its own, with the listeners of one broker. */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({ AopAutoConfiguration.class, DataSourceAutoConfiguration.class,
		DataSourceTransactionManagerAutoConfiguration.class, TransactionAutoConfiguration.class,
		JdbcTemplateAutoConfiguration.class, JdbcClientAutoConfiguration.class, KafkaAutoConfiguration.class,
		RabbitAutoConfiguration.class, JmsAutoConfiguration.class, DataRedisAutoConfiguration.class,
		JdbcIdempotencyStoreAutoConfiguration.class, JdbcTransactionalIdempotencyStoreAutoConfiguration.class,
		RedisIdempotencyStoreAutoConfiguration.class, IdempotencyAutoConfiguration.class,
		IdempotencyKafkaAutoConfiguration.class, IdempotencyAmqpAutoConfiguration.class,
		IdempotencyJmsAutoConfiguration.class, IdempotencyRedisStreamAutoConfiguration.class,
		IdempotencyMessagingAutoConfiguration.class })
@Import({ OrderBook.class, CallCounts.class })
class VolumeApplication {

	/**
	 * @param arguments the class with the listeners, and properties of the application
	 */
	public static void main(String[] arguments) throws ClassNotFoundException {
		new SpringApplicationBuilder(VolumeApplication.class, Class.forName(arguments[0])).web(WebApplicationType.NONE)
			.run(arguments);
	}

	@Bean
	SimpleMeterRegistry meters() {
		return new SimpleMeterRegistry();
	}

}
