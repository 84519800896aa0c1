package io.idempotency.messaging.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import io.idempotency.Idempotent;
import io.idempotency.InProgress;
import io.idempotency.Recovery;
import io.idempotency.messaging.Effects;
import org.apache.kafka.clients.consumer.ConsumerRecord;

import org.springframework.kafka.annotation.BackOff;
import org.springframework.kafka.annotation.DltHandler;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.annotation.RetryableTopic;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.support.Acknowledgment;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.Message;
import org.springframework.messaging.handler.annotation.Header;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.stereotype.Component;

/** A listener of each kind. What starts with {@code fail} fails once. */
@Component
class KafkaListeners {

	private final Effects effects;

	private final Set<String> failed = ConcurrentHashMap.newKeySet();

	private final KafkaTemplate<String, String> transactional;

	KafkaListeners(Effects effects, @TransactionalKafka KafkaTemplate<String, String> transactional) {
		this.effects = effects;
		this.transactional = transactional;
	}

	private void failOnce(String listener, String payload) {
		if (payload.startsWith("fail") && this.failed.add(listener + payload)) {
			throw new IllegalStateException("the first attempt fails");
		}
	}

	@Idempotent(operation = "payload")
	@KafkaListener(id = "payload", topics = "payload")
	public void payload(String payload) {
		this.effects.add("payload", payload);
		failOnce("payload", payload);
	}

	@Idempotent(operation = "record")
	@KafkaListener(id = "record", topics = "record")
	public void record(ConsumerRecord<String, String> record) {
		this.effects.add("record", record.value());
	}

	@Idempotent(operation = "message")
	@KafkaListener(id = "message", topics = "message")
	public void message(Message<String> message) {
		this.effects.add("message", message.getPayload());
	}

	@Idempotent(operation = "key", key = "#payload + #headers['tenant']", fingerprint = "#payload")
	@KafkaListener(id = "key", topics = "key")
	public void key(String payload) {
		this.effects.add("key", payload);
	}

	@Idempotent(operation = "reply")
	@KafkaListener(id = "reply", topics = "reply")
	@SendTo("replies")
	public String reply(String payload) {
		this.effects.add("reply", payload);
		return payload + " run " + this.effects.count("reply", payload);
	}

	@Idempotent(operation = "future")
	@KafkaListener(id = "future", topics = "future")
	public CompletableFuture<Void> future(String payload) {
		this.effects.add("future", payload);
		return CompletableFuture.runAsync(() -> failOnce("future", payload));
	}

	@Idempotent(operation = "promised")
	@KafkaListener(id = "promised", topics = "promised", containerFactory = "givingUpFactory")
	public CompletableFuture<Void> promised(String payload) {
		this.effects.add("promised", payload);
		return CompletableFuture.completedFuture(null);
	}

	@ComposedListener
	public void composed(String payload) {
		this.effects.add("composed", payload);
	}

	@Idempotent(operation = "slow", lease = "2s")
	@KafkaListener(id = "slow", topics = "slow")
	public void slow(String payload) {
		this.effects.add("slow", payload);
	}

	@Idempotent(operation = "rejecting", lease = "2s", inProgress = InProgress.REJECT)
	@KafkaListener(id = "rejecting", topics = "rejecting")
	public void rejecting(String payload) {
		this.effects.add("rejecting", payload);
	}

	@Idempotent(operation = "manual")
	@KafkaListener(id = "manual", topics = "manual", containerFactory = "manualFactory")
	public void manual(String payload, Acknowledgment acknowledgment) {
		this.effects.add("manual", payload);
		if (payload.startsWith("fail") && this.failed.add("manual" + payload)) {
			acknowledgment.nack(Duration.ofMillis(50));
			return;
		}
		acknowledgment.acknowledge();
	}

	@Idempotent(operation = "manualHeader", recovery = Recovery.HOLD)
	@KafkaListener(id = "manualHeader", topics = "manualHeader", containerFactory = "manualFactory")
	public void manualHeader(Message<String> message) {
		this.effects.add("manualHeader", message.getPayload());
		Acknowledgment acknowledgment = message.getHeaders().get(KafkaHeaders.ACKNOWLEDGMENT, Acknowledgment.class);
		if (message.getPayload().startsWith("fail") && this.failed.add("manualHeader" + message.getPayload())) {
			acknowledgment.nack(Duration.ofMillis(50));
			return;
		}
		acknowledgment.acknowledge();
	}

	@Idempotent(operation = "dead")
	@KafkaListener(id = "dead", topics = "dead", containerFactory = "deadLetterFactory")
	public void dead(String payload) {
		this.effects.add("dead", payload);
		if (payload.startsWith("poison")) {
			throw new IllegalArgumentException("cannot be processed");
		}
	}

	@Idempotent(operation = "held", recovery = Recovery.HOLD)
	@KafkaListener(id = "held", topics = "held", containerFactory = "deadLetterFactory")
	public void held(String payload) {
		this.effects.add("held", payload);
		failOnce("held", payload);
	}

	@Idempotent(operation = "transactional")
	@KafkaListener(id = "transactional", topics = "transactional", containerFactory = "transactionalFactory")
	public void transactional(String payload) {
		this.effects.add("transactional", payload);
		this.transactional.send("out", payload);
	}

	@Idempotent(operation = "retried", recovery = Recovery.HOLD)
	@RetryableTopic(attempts = "3", backOff = @BackOff(delay = 100))
	@KafkaListener(id = "retried", topics = "retried")
	public void retried(String payload, @Header(KafkaHeaders.RECEIVED_TOPIC) String topic) {
		this.effects.add("retried", payload + " in " + topic);
		throw new IllegalStateException("fails");
	}

	@DltHandler
	void retriedDead(String payload, @Header(KafkaHeaders.EXCEPTION_FQCN) byte[] exception,
			@Header(KafkaHeaders.EXCEPTION_CAUSE_FQCN) byte[] cause) {
		this.effects.add("retriedDead", payload + " " + new String(cause, StandardCharsets.UTF_8));
	}

	@Idempotent(operation = "recovering")
	@RetryableTopic(attempts = "3", backOff = @BackOff(delay = 100), dltTopicSuffix = "-none")
	@KafkaListener(id = "recovering", topics = "recovering")
	public void recovering(String payload, @Header(KafkaHeaders.RECEIVED_TOPIC) String topic) {
		this.effects.add("recovering", payload);
		failOnce("recovering", payload);
	}

}
