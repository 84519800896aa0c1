package io.idempotency.autoconfigure;

import java.util.List;

import io.idempotency.IdempotencyDatabase;
import io.idempotency.Idempotent;
import io.idempotency.IdempotentStream;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/**
 * What a native image needs of the library and cannot see: annotations that are read with
 * the attributes of others merged in, the scripts of the JDBC store, what expressions may
 * ask a request, and classes that are looked for by name. Types of the application are
 * found where its methods are.
 */
final class IdempotencyRuntimeHints implements RuntimeHintsRegistrar {

	/** What {@code #request} and {@code #headers} are. */
	private static final List<String> ASKED_BY_EXPRESSIONS = List.of("jakarta.servlet.http.HttpServletRequest",
			"io.idempotency.web.CapturingRequest", "org.springframework.util.LinkedCaseInsensitiveMap");

	private static final List<String> LOOKED_FOR = List.of("org.springframework.security.core.Authentication",
			"org.springframework.security.oauth2.core.ClaimAccessor",
			"org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken",
			"org.springframework.transaction.support.TransactionSynchronizationManager");

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
		for (Class<?> annotation : List.of(Idempotent.class, IdempotentStream.class, IdempotencyDatabase.class)) {
			hints.reflection().registerType(annotation, MemberCategory.INVOKE_DECLARED_METHODS);
			hints.proxies().registerJdkProxy(annotation);
		}
		hints.resources().registerPattern("io/idempotency/store/jdbc/schema-*.sql");
		for (String type : ASKED_BY_EXPRESSIONS) {
			hints.reflection().registerTypeIfPresent(classLoader, type, MemberCategory.INVOKE_PUBLIC_METHODS);
		}
		for (String type : LOOKED_FOR) {
			hints.reflection().registerTypeIfPresent(classLoader, type);
		}
	}

}
