package io.idempotency.web;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.regex.Pattern;

import io.idempotency.KeyMalformedException;
import org.aopalliance.intercept.MethodInvocation;
import org.jspecify.annotations.Nullable;

/**
 * The key that a caller sent: in the header, or where the application's resolver finds
 * it.
 */
final class CallerKey {

	private final HttpSettings settings;

	private final @Nullable IdempotencyKeyResolver resolver;

	CallerKey(HttpSettings settings, @Nullable IdempotencyKeyResolver resolver) {
		this.settings = settings;
		this.resolver = resolver;
	}

	/** The key, or {@code null} if there is none. */
	@Nullable String of(MethodInvocation invocation, CapturingRequest request, String operation) throws IOException {
		String key = (this.resolver != null) ? resolved(this.resolver, invocation, request, operation)
				: KeyHeader.read(request, this.settings, operation);
		Pattern pattern = this.settings.keyPattern();
		if (key != null && pattern != null && !pattern.matcher(key).matches()) {
			throw new KeyMalformedException(operation, "The idempotency key does not have the form that is asked for");
		}
		return key;
	}

	private @Nullable String resolved(IdempotencyKeyResolver keys, MethodInvocation invocation,
			CapturingRequest request, String operation) throws IOException {
		String key = keys.resolve(new CapturedCall(operation, request,
				Collections.unmodifiableList(Arrays.asList(invocation.getArguments())),
				this.settings.maxRequestSize()));
		if (key != null && key.isBlank()) {
			throw new KeyMalformedException(operation, "The idempotency key is empty");
		}
		if (key != null && key.length() > this.settings.maxKeyLength()) {
			throw new KeyMalformedException(operation,
					"The idempotency key is longer than " + this.settings.maxKeyLength() + " characters");
		}
		return key;
	}

}
