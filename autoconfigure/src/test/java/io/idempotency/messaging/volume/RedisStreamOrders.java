package io.idempotency.messaging.volume;

import java.time.Duration;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.stream.Consumer;
import org.springframework.data.redis.connection.stream.MapRecord;
import org.springframework.data.redis.connection.stream.ReadOffset;
import org.springframework.data.redis.connection.stream.StreamOffset;
import org.springframework.data.redis.stream.StreamMessageListenerContainer;
import org.springframework.data.redis.stream.StreamMessageListenerContainer.ConsumerStreamReadRequest;
import org.springframework.data.redis.stream.StreamMessageListenerContainer.StreamMessageListenerContainerOptions;
import org.springframework.data.redis.stream.StreamMessageListenerContainer.StreamReadRequest;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Orders that come through a stream of Redis. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
@Import({ StreamedOrders.class, LeftEntries.class })
class RedisStreamOrders {

	static final String GROUP = "orders";

	@Bean
	StreamMessageListenerContainer<String, MapRecord<String, String, String>> container(
			RedisConnectionFactory connections, LeftEntries entries, @Value("${volume.node}") String node,
			@Value("${volume.destination}") String stream) {
		StreamMessageListenerContainer<String, MapRecord<String, String, String>> container = StreamMessageListenerContainer
			.create(connections,
					StreamMessageListenerContainerOptions.builder()
						.batchSize(10)
						.pollTimeout(Duration.ofMillis(100))
						.autoStartup(true)
						.build());
		for (int i = 0; i < VolumeContract.CONCURRENCY; i++) {
			ConsumerStreamReadRequest<String> request = StreamReadRequest
				.builder(StreamOffset.create(stream, ReadOffset.lastConsumed()))
				.consumer(Consumer.from(GROUP, node + "-" + i))
				.autoAcknowledge(false)
				// what failed stays pending, and is claimed again
				.cancelOnError((failure) -> false)
				.errorHandler((failure) -> {
				})
				.build();
			container.register(request, entries);
		}
		return container;
	}

}
