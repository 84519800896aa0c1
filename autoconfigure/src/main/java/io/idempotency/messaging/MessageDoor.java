package io.idempotency.messaging;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CompletionStage;

import io.idempotency.Fingerprint;
import io.idempotency.IdempotencyException;
import io.idempotency.IdempotentOperation;
import io.idempotency.aop.CallExpression;
import io.idempotency.aop.InvocationDoor;
import io.idempotency.aop.MethodOperation;
import io.idempotency.aop.ReturnTypes;
import io.idempotency.aop.ValueCalls;
import io.idempotency.aop.ValueCodec;
import io.idempotency.engine.IdempotencyEngine;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

import org.springframework.aop.ProxyMethodInvocation;
import org.springframework.core.MethodClassKey;

/**
 * Calls of methods that process messages: those that a container calls, and those that
 * take a whole message. A duplicate is not processed again and counts as processed, so it
 * is acknowledged; a failure frees the key, and the container delivers the message again.
 */
public final class MessageDoor implements InvocationDoor {

	/** What a lease that ended needs to be seen as ended. */
	private static final Duration GRACE = Duration.ofSeconds(2);

	private static final String HEADERS = "headers";

	private final IdempotencyEngine engine;

	private final ValueCalls calls;

	private final List<MessageTechnology> technologies;

	private final CurrentDelivery current;

	private final MessageKeys keys;

	private final ValueCodec codec = new ValueCodec();

	private final Map<MethodClassKey, Means> known = new ConcurrentHashMap<>();

	/**
	 * @param engine decides
	 * @param technologies that the application has
	 * @param current knows what a container's thread is busy with
	 * @param header with the key that a sender gives
	 * @param maxKeyLength of a header that is a key or a part of one, in characters
	 */
	public MessageDoor(IdempotencyEngine engine, List<MessageTechnology> technologies, CurrentDelivery current,
			String header, int maxKeyLength) {
		this.engine = engine;
		this.calls = new ValueCalls(engine);
		this.technologies = List.copyOf(technologies);
		this.current = current;
		this.keys = new MessageKeys(header, maxKeyLength);
	}

	/**
	 * What is the same for all calls of a method.
	 *
	 * @param served whether this is its door
	 * @param operation as it is for messages
	 */
	private record Means(boolean served, IdempotentOperation operation) {
	}

	@Override
	public boolean serves(MethodOperation operation) {
		return means(operation).served();
	}

	private Means means(MethodOperation operation) {
		MethodClassKey method = new MethodClassKey(operation.method(), operation.targetClass());
		Means means = this.known.get(method);
		return (means != null) ? means
				: this.known.computeIfAbsent(method,
						(missing) -> new Means(
								this.technologies.stream().anyMatch((technology) -> isServed(operation, technology)),
								waiting(operation)));
	}

	private static boolean isServed(MethodOperation operation, MessageTechnology technology) {
		return technology.isListener(operation)
				|| Arrays.stream(operation.method().getParameterTypes()).anyMatch(technology::isMessage);
	}

	@Override
	public boolean isRequest() {
		return false;
	}

	@Override
	public Set<String> variables() {
		return Set.of(HEADERS);
	}

	@Override
	public void validate(MethodOperation operation) {
		ReturnTypes.validate(operation, this.engine.isTransactional(operation.operation()));
		Class<?> returned = operation.method().getReturnType();
		if (this.technologies.stream().anyMatch((technology) -> technology.isMessage(returned))) {
			throw operation.invalid("it returns a whole message, which cannot be stored for its duplicates.",
					"Return the payload, and let the container or @SendTo make a message of it.");
		}
		for (Class<?> type : operation.method().getParameterTypes()) {
			if (type.getName().equals("kotlin.coroutines.Continuation")) {
				throw operation.invalid("it is a suspend function, which returns before it has ended.",
						"Make it a function that blocks, or let it return a CompletableFuture.");
			}
		}
		this.technologies.stream()
			.filter((technology) -> isServed(operation, technology))
			.forEach((technology) -> technology.validate(operation));
	}

	@Override
	public boolean accepts(MethodInvocation invocation, MethodOperation operation) {
		return serves(operation);
	}

	@Override
	public @Nullable Object invoke(MethodInvocation invocation, MethodOperation operation) throws Throwable {
		@Nullable Object[] arguments = invocation.getArguments();
		Arrival arrival = Arrival.find(this.technologies, this.current.get(), operation, arguments);
		IdempotentOperation means = means(operation).operation();
		ManualAcknowledgement acknowledgement = ManualAcknowledgement.of(this.technologies, arguments,
				arrival.message());
		MessageSettling settling = new MessageSettling(this.current.get(), acknowledgement);
		requireSynchronous(operation, settling);
		Variables variables = new Variables(invocation, operation, arrival);
		MessageKey own = (operation.key() == null) ? own(arrival, operation, arguments) : null;
		Object key = (operation.key() != null) ? variables.evaluate(operation.key())
				: (own != null) ? own.text() : null;
		boolean[] ran = new boolean[1];
		Object result = RefusalPause.around(() -> this.calls.call(means, key,
				() -> asked(variables, arrival, own, arguments), operation.returnType(), () -> {
					ran[0] = true;
					((ProxyMethodInvocation) invocation).setArguments(acknowledgement.arguments());
					return invocation.proceed();
				}, settling));
		if (!ran[0] && !isRefused(result)) {
			acknowledgement.acknowledge();
		}
		return result;
	}

	/** A promise that is broken already is a refusal. */
	private static boolean isRefused(@Nullable Object result) {
		return result instanceof CompletionStage<?> stage && stage.toCompletableFuture().isCompletedExceptionally();
	}

	/**
	 * A duplicate in flight waits until the other one has ended, or its lease has: a
	 * container that gets it back at once would deliver it again at once, and some give
	 * up after a few times.
	 */
	private static IdempotentOperation waiting(MethodOperation operation) {
		IdempotentOperation means = operation.operation();
		if (operation.rejecting()) {
			return means;
		}
		Duration lease = means.lease().plus(means.lease().dividedBy(10)).plus(GRACE);
		return means.waiting((lease.compareTo(means.waitTimeout()) > 0) ? lease : means.waitTimeout());
	}

	private static void requireSynchronous(MethodOperation operation, MessageSettling settling) {
		if (CompletionStage.class.isAssignableFrom(operation.method().getReturnType())
				&& settling.isWithinTransaction()) {
			throw new IllegalStateException(operation.operation().name() + " answers asynchronously, within a"
					+ " transaction that ends before it does. Let it return the value itself, or take the transaction"
					+ " away from its container");
		}
	}

	private @Nullable MessageKey own(Arrival arrival, MethodOperation operation, @Nullable Object[] arguments) {
		MessageKey key;
		try {
			key = this.keys.of(arrival.requireMessage(operation), operation.operation().name());
		}
		catch (IdempotencyException ex) {
			throw this.engine.refused(ex);
		}
		Delivery delivery = arrival.delivery();
		if (delivery != null
				&& !delivery.isFirstOrSame(operation.operation().name(), payloads(arguments), this::looksSame)) {
			throw new IllegalStateException(operation.operation().name() + " was called twice while one message was"
					+ " processed, with different arguments, and both calls would have the key of that message. Give"
					+ " @Idempotent a key expression");
		}
		return key;
	}

	private boolean looksSame(@Nullable Object[] one, @Nullable Object[] other) {
		try {
			Fingerprint first = this.codec.fingerprint(one);
			return first.equals(this.codec.fingerprint(other));
		}
		catch (IllegalArgumentException ex) {
			// they can only be told apart by what they say
			return true;
		}
	}

	private @Nullable Object[] asked(Variables variables, Arrival arrival, @Nullable MessageKey own,
			@Nullable Object[] arguments) {
		CallExpression expression = variables.operation().fingerprint();
		if (expression != null) {
			return new @Nullable Object[] { variables.evaluate(expression) };
		}
		if (own != null && own.unique()) {
			return new Object[0];
		}
		IncomingMessage message = arrival.message();
		return (message != null) ? new @Nullable Object[] { message.payload().get() } : payloads(arguments);
	}

	private @Nullable Object[] payloads(@Nullable Object[] arguments) {
		return Arrays.stream(arguments)
			.filter((argument) -> argument == null || this.technologies.stream()
				.noneMatch((technology) -> technology.isCompanion(argument.getClass())
						|| technology.isMessage(argument.getClass())))
			.toArray();
	}

	/** What expressions of one call see. */
	private record Variables(MethodInvocation invocation, MethodOperation operation, Arrival arrival) {

		@Nullable Object evaluate(CallExpression expression) {
			IncomingMessage message = this.arrival.message();
			return expression.evaluate(this.invocation.getThis(), this.invocation.getArguments(),
					Map.of(HEADERS, (message != null) ? message.headers().asMap() : Map.of()));
		}

	}

}
