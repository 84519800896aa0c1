package io.idempotency.messaging.jms;

import java.util.ArrayList;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.idempotency.aop.MethodOperation;
import io.idempotency.messaging.HeaderValues;
import io.idempotency.messaging.IncomingMessage;
import io.idempotency.messaging.KeyParts;
import io.idempotency.messaging.ManualAcknowledgement;
import io.idempotency.messaging.MessageTechnology;
import jakarta.jms.BytesMessage;
import jakarta.jms.JMSException;
import jakarta.jms.MapMessage;
import jakarta.jms.Message;
import jakarta.jms.MessageEOFException;
import jakarta.jms.ObjectMessage;
import jakarta.jms.Session;
import jakarta.jms.StreamMessage;
import jakarta.jms.TextMessage;
import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.jms.annotation.JmsListener;
import org.springframework.jms.support.JmsHeaders;
import org.springframework.jms.support.JmsUtils;

/** Messages of JMS and methods that Spring calls with them. */
public final class JmsTechnology implements MessageTechnology {

	@Override
	public boolean isListener(MethodOperation operation) {
		return MergedAnnotations.from(operation.method(), SearchStrategy.TYPE_HIERARCHY).isPresent(JmsListener.class);
	}

	@Override
	public boolean isMessage(Class<?> type) {
		return Message.class.isAssignableFrom(type);
	}

	@Override
	public IncomingMessage read(Object message) {
		try {
			return read((Message) message);
		}
		catch (JMSException ex) {
			throw JmsUtils.convertJmsAccessException(ex);
		}
	}

	static IncomingMessage read(Message message) throws JMSException {
		Map<String, Object> headers = new LinkedHashMap<>();
		for (Enumeration<?> names = message.getPropertyNames(); names.hasMoreElements();) {
			String name = names.nextElement().toString();
			Object value = message.getObjectProperty(name);
			if (value != null) {
				headers.put(name, value);
			}
		}
		String id = message.getJMSMessageID();
		return new IncomingMessage(HeaderValues.of(headers), null, (id != null) ? KeyParts.join("jms", id) : null,
				() -> payload(message));
	}

	private static @Nullable Object payload(Message message) {
		try {
			if (message instanceof TextMessage text) {
				return text.getText();
			}
			if (message instanceof BytesMessage bytes) {
				byte[] content = new byte[(int) bytes.getBodyLength()];
				bytes.reset();
				bytes.readBytes(content);
				// the listener reads it from the beginning
				bytes.reset();
				return content;
			}
			if (message instanceof MapMessage map) {
				return map.getBody(Map.class);
			}
			if (message instanceof ObjectMessage object) {
				return object.getObject();
			}
			return (message instanceof StreamMessage stream) ? content(stream) : null;
		}
		catch (JMSException ex) {
			throw JmsUtils.convertJmsAccessException(ex);
		}
	}

	private static List<@Nullable Object> content(StreamMessage stream) throws JMSException {
		List<@Nullable Object> values = new ArrayList<>();
		stream.reset();
		try {
			while (true) {
				values.add(stream.readObject());
			}
		}
		catch (MessageEOFException ex) {
			stream.reset();
			return values;
		}
	}

	/** Whether an argument is a message, or what was made of it. */
	static boolean isOf(Message message, Object argument) {
		if (argument instanceof org.springframework.messaging.Message<?> made) {
			try {
				return message.getJMSMessageID() != null
						&& Objects.equals(made.getHeaders().get(JmsHeaders.MESSAGE_ID), message.getJMSMessageID());
			}
			catch (JMSException ex) {
				throw JmsUtils.convertJmsAccessException(ex);
			}
		}
		return argument == message;
	}

	@Override
	public boolean isCompanion(Class<?> type) {
		return Session.class.isAssignableFrom(type);
	}

	@Override
	public void validate(MethodOperation operation) {
		// one message at a time
	}

	@Override
	public @Nullable ManualAcknowledgement acknowledgement(@Nullable Object[] arguments,
			@Nullable IncomingMessage message) {
		for (Object argument : arguments) {
			if (argument instanceof Session session) {
				return new ObservedSession(session, arguments);
			}
		}
		return null;
	}

}
