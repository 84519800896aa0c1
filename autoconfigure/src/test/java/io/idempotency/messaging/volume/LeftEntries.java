package io.idempotency.messaging.volume;

import java.time.Duration;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.data.domain.Range;
import org.springframework.data.redis.connection.stream.MapRecord;
import org.springframework.data.redis.connection.stream.PendingMessage;
import org.springframework.data.redis.core.StreamOperations;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.data.redis.stream.StreamListener;
import org.springframework.scheduling.annotation.Scheduled;

/**
 * Acknowledges what was processed, and takes over what a consumer has left: because it
 * died, or because processing failed.
 */
class LeftEntries implements StreamListener<String, MapRecord<String, String, String>> {

	private static final Duration IDLE = Duration.ofSeconds(2);

	private final StreamOperations<String, String, String> streams;

	private final StreamedOrders orders;

	private final String stream;

	private final String consumer;

	LeftEntries(StringRedisTemplate template, StreamedOrders orders, @Value("${volume.destination}") String stream,
			@Value("${volume.node}") String node) {
		this.streams = template.opsForStream();
		this.orders = orders;
		this.stream = stream;
		this.consumer = node + "-left";
	}

	@Override
	public void onMessage(MapRecord<String, String, String> entry) {
		this.orders.process(entry);
		this.streams.acknowledge(RedisStreamOrders.GROUP, entry);
	}

	@Scheduled(fixedDelay = 200)
	public void takeOver() {
		for (PendingMessage left : this.streams.pending(this.stream, RedisStreamOrders.GROUP, Range.unbounded(), 100,
				IDLE)) {
			// of two that want it, one gets it: it has not been idle for the other
			for (MapRecord<String, String, String> entry : this.streams.claim(this.stream, RedisStreamOrders.GROUP,
					this.consumer, IDLE, left.getId())) {
				process(entry, left.getTotalDeliveryCount());
			}
		}
	}

	private void process(MapRecord<String, String, String> entry, long deliveries) {
		if (deliveries >= VolumeContract.TRIES) {
			this.streams.add(this.stream + "-dead", entry.getValue());
			this.streams.acknowledge(RedisStreamOrders.GROUP, entry);
			return;
		}
		try {
			onMessage(entry);
		}
		catch (IllegalArgumentException ex) {
			// it stays pending
		}
	}

}
