package io.idempotency.messaging.jms;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import io.idempotency.Idempotent;
import io.idempotency.Recovery;
import io.idempotency.messaging.Effects;
import jakarta.jms.JMSException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;

import org.springframework.jms.annotation.JmsListener;
import org.springframework.jms.core.JmsTemplate;
import org.springframework.messaging.handler.annotation.SendTo;
import org.springframework.stereotype.Component;

/** A listener of each kind. What starts with {@code fail} fails once. */
@Component
class JmsListeners {

	private final Effects effects;

	private final JmsTemplate template;

	private final Set<String> failed = ConcurrentHashMap.newKeySet();

	private final FailingCommits commits;

	JmsListeners(Effects effects, JmsTemplate template, FailingCommits commits) {
		this.commits = commits;
		this.effects = effects;
		this.template = template;
	}

	private void failOnce(String listener, String payload) {
		if (payload.startsWith("fail") && this.failed.add(listener + payload)) {
			throw new IllegalStateException("the first attempt fails");
		}
	}

	@Idempotent(operation = "payload")
	@JmsListener(destination = "payload")
	public void payload(String payload) {
		this.effects.add("payload", payload);
		failOnce("payload", payload);
	}

	@Idempotent(operation = "whole")
	@JmsListener(destination = "whole")
	public void whole(Message message) throws JMSException {
		this.effects.add("whole", ((TextMessage) message).getText());
	}

	@Idempotent(operation = "spring")
	@JmsListener(destination = "spring")
	public void spring(org.springframework.messaging.Message<String> message) {
		this.effects.add("spring", message.getPayload());
	}

	@Idempotent(operation = "bytes")
	@JmsListener(destination = "bytes")
	public void bytes(byte[] payload) {
		this.effects.add("bytes", new String(payload, StandardCharsets.UTF_8));
	}

	@Idempotent(operation = "reply")
	@JmsListener(destination = "reply")
	@SendTo("replies")
	public String reply(String payload) {
		this.effects.add("reply", payload);
		return payload + " run " + this.effects.count("reply", payload);
	}

	@Idempotent(operation = "slow", lease = "2s")
	@JmsListener(destination = "slow")
	public void slow(String payload) {
		this.effects.add("slow", payload);
	}

	@Idempotent(operation = "session", recovery = Recovery.HOLD)
	@JmsListener(destination = "session")
	public void session(String payload, Session session) throws JMSException {
		this.effects.add("session", payload);
		if (payload.startsWith("fail") && this.failed.add("session" + payload)) {
			session.rollback();
		}
	}

	@Idempotent(operation = "poison")
	@JmsListener(destination = "poison")
	public void poison(String payload) {
		this.effects.add("poison", payload);
		if (payload.startsWith("poison")) {
			throw new IllegalArgumentException("cannot be processed");
		}
	}

	@Idempotent(operation = "held", recovery = Recovery.HOLD)
	@JmsListener(destination = "held")
	public void held(String payload) {
		this.effects.add("held", payload);
		failOnce("held", payload);
	}

	@Idempotent(operation = "transactional")
	@JmsListener(destination = "transactional")
	public void transactional(String payload) {
		this.effects.add("transactional", payload);
		this.template.convertAndSend("out", payload);
		this.commits.beforeCommit();
	}

	@Idempotent(operation = "managed")
	@JmsListener(destination = "managed", containerFactory = "managedFactory")
	public void managed(String payload) {
		this.effects.add("managed", payload);
		this.template.convertAndSend("out", payload);
		this.commits.beforeCommit();
	}

}
