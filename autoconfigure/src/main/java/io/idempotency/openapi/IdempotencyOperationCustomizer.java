package io.idempotency.openapi;

import java.lang.reflect.Proxy;
import java.util.List;
import java.util.function.Predicate;

import io.idempotency.IdempotentOperation;
import io.idempotency.InProgress;
import io.idempotency.Recovery;
import io.idempotency.aop.IdempotentOperationSource;
import io.idempotency.aop.InvocationDoor;
import io.idempotency.aop.MethodOperation;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.Operation;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.GlobalOperationComponentsCustomizer;

import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.web.method.HandlerMethod;

/**
 * Adds to the document of each idempotent handler what its annotation means to callers.
 * Handlers that are not idempotent stay as they are.
 */
public final class IdempotencyOperationCustomizer implements GlobalOperationComponentsCustomizer {

	private final IdempotentOperationSource operations;

	private final List<InvocationDoor> doors;

	private final String replayHeader;

	private final KeyParameters keys;

	private final PossibleRefusals refusals;

	private final Answers answers;

	/**
	 * @param operations knows which handlers are idempotent
	 * @param doors know which methods are called by requests
	 * @param transactional tells whether an operation's record is in the transaction of
	 * its method
	 * @param settings of the application
	 */
	public IdempotencyOperationCustomizer(IdempotentOperationSource operations, List<InvocationDoor> doors,
			Predicate<IdempotentOperation> transactional, PublishedSettings settings) {
		this.operations = operations;
		this.doors = List.copyOf(doors);
		this.replayHeader = settings.replayHeader();
		this.keys = new KeyParameters(settings);
		this.refusals = new PossibleRefusals(settings.newKeysLimited(), transactional);
		this.answers = new Answers(settings);
	}

	@Override
	public Operation customize(Operation operation, HandlerMethod handlerMethod) {
		return customize(operation, new Components(), handlerMethod);
	}

	@Override
	public Operation customize(Operation operation, Components components, HandlerMethod handlerMethod) {
		MethodOperation handler = this.operations.find(handlerMethod.getMethod(), targetClass(handlerMethod));
		if (handler != null && isRequest(handler)) {
			operation.setDescription(Texts.join(operation.getDescription(), promise(handler)));
			this.keys.add(handler, operation);
			this.answers.markReplays(operation);
			this.refusals.of(handler).forEach((status, kinds) -> this.answers.add(operation, status, kinds));
			ProblemSchema.addTo(components);
		}
		return operation;
	}

	/** The proxy of a controller with an interface knows nothing of its class. */
	private static Class<?> targetClass(HandlerMethod handler) {
		Class<?> type = handler.getBeanType();
		return Proxy.isProxyClass(type) ? AopProxyUtils.ultimateTargetClass(handler.createWithResolvedBean().getBean())
				: type;
	}

	/** A method that only looks like a handler, as a bean behind a route may. */
	private boolean isRequest(MethodOperation handler) {
		return this.doors.stream()
			.filter((door) -> door.serves(handler))
			.findFirst()
			.map(InvocationDoor::isRequest)
			.orElse(false);
	}

	private String promise(MethodOperation handler) {
		IdempotentOperation operation = handler.operation();
		String header = this.keys.header(handler);
		StringBuilder text = new StringBuilder("A repeated request with the same ").append(header(header))
			.append(" gets the first answer for ")
			.append(Texts.of(operation.ttl()))
			.append(", marked by `")
			.append(this.replayHeader)
			.append(": true`. ");
		if (operation.inProgress() == InProgress.WAIT) {
			text.append("While the first one still runs, it waits for the answer, for up to ")
				.append(Texts.of(operation.waitTimeout()))
				.append('.');
		}
		else {
			text.append("While the first one still runs, it is refused.");
		}
		if (operation.recovery() == Recovery.HOLD) {
			text.append(" If the first one fails, or it is not known what became of it, it is not run again.");
		}
		if (!operation.required()) {
			text.append(" Without a key every request is run.");
		}
		return text.toString();
	}

	private static String header(@Nullable String name) {
		return (name != null) ? "`" + name + "`" : "key";
	}

}
