package io.idempotency.client;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.Objects;
import java.util.function.UnaryOperator;

import io.idempotency.DigestBuilder;
import io.idempotency.Fingerprint;
import io.idempotency.IdempotencyContext;
import io.idempotency.IdempotencyTemplate.Work;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Where requests are told apart and get their keys: a running operation, a retried piece
 * of work outside of operations, or a part of either. Bound to the thread; that of an
 * operation goes where the operation's context goes.
 */
final class CallScope {

	/** Those of retries, steps and calls, for where there is no operation. */
	private static final ThreadLocal<@Nullable CallScope> UNTIED = new ThreadLocal<>();

	private static final SecureRandom random = new SecureRandom();

	private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();

	/** Stands before what a key is made of that is no operation's child. */
	private static final char UNTIED_KEY = 'o';

	private static final int KEY_BYTES = 16;

	private final @Nullable IdempotencyContext context;

	private final UnaryOperator<String> keys;

	private final String path;

	private final CallLedger ledger;

	private CallScope(@Nullable IdempotencyContext context, UnaryOperator<String> keys, String path,
			CallLedger ledger) {
		this.context = context;
		this.keys = keys;
		this.path = path;
		this.ledger = ledger;
	}

	/** A key like no other. */
	static String randomKey() {
		byte[] bytes = new byte[KEY_BYTES];
		random.nextBytes(bytes);
		return ENCODER.encodeToString(bytes);
	}

	/** The scope of this thread, if there is one. */
	static @Nullable CallScope current() {
		IdempotencyContext context = IdempotencyContext.current().orElse(null);
		return (context != null) ? of(context) : UNTIED.get();
	}

	/** The scope of an operation. */
	static CallScope of(IdempotencyContext context) {
		return context.attachment(CallScope.class,
				() -> new CallScope(context, context::childKey, "", CallLedger.empty()));
	}

	/** Another part of the thread's scope, or a scope of its own. */
	private static CallScope around() {
		CallScope around = current();
		if (around != null) {
			return around;
		}
		String seed = randomKey();
		return new CallScope(null,
				(step) -> ENCODER
					.encodeToString(new DigestBuilder().mark(UNTIED_KEY).text(seed).text(step).build().toBytes()),
				"", CallLedger.empty());
	}

	private static CallScope part(CallScope around, String path, CallLedger ledger) {
		IdempotencyContext own = (around.context != null) ? around.context.part() : null;
		CallScope part = new CallScope(own, around.keys, path, ledger);
		return (own != null) ? own.attachment(CallScope.class, () -> part) : part;
	}

	/** For work that is attempted until it succeeds. */
	static CallScope retried() {
		CallScope around = around();
		return part(around, around.path, around.ledger.inner());
	}

	/** For work that is one logical call of each place. */
	static CallScope ofOneCall() {
		CallScope around = around();
		return part(around, around.path, around.ledger.innerOfOneCall());
	}

	/** For work that has a name, by which its calls are told from all others. */
	static CallScope named(String step) {
		Assert.hasText(step, "A step needs a name");
		CallScope around = around();
		return part(around, around.path + named(step, ""), CallLedger.empty());
	}

	/** A place within a step. */
	static String named(String step, String place) {
		return "step\n" + step + "\n" + place;
	}

	/** Whether it is of the same operation, or both are of none. */
	boolean isOfTheSameRunAs(CallScope other) {
		return Objects.equals(digest(), other.digest());
	}

	private @Nullable String digest() {
		return (this.context != null) ? this.context.keyDigest() : null;
	}

	/** The work begins anew. */
	void attempt() {
		this.ledger.attempt();
	}

	/** The call that a request belongs to. */
	CallLedger.Entry request(String place, Fingerprint body) {
		return this.ledger.request(place, body);
	}

	/**
	 * The key of the nth call of a place. What it is made of never changes, or a second
	 * run with another version of the library would send others.
	 */
	String key(String place, int ordinal) {
		return this.keys.apply(this.path + place + "\n" + ordinal);
	}

	/** Does some work within the scope. */
	<T extends @Nullable Object, X extends Throwable> @Nullable T run(Work<T, X> work) throws X {
		IdempotencyContext formerContext = IdempotencyContext.exchange(this.context);
		CallScope formerScope = UNTIED.get();
		// also within an operation: what runs unprotected in it is retried with the rest
		UNTIED.set(this);
		try {
			return work.run();
		}
		finally {
			UNTIED.set(formerScope);
			IdempotencyContext.exchange(formerContext);
		}
	}

}
