package io.idempotency.autoconfigure;

import io.idempotency.Idempotent;
import io.idempotency.IdempotentStream;
import jakarta.servlet.http.HttpServletRequest;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.beans.factory.aot.AotServices;
import org.springframework.security.core.Authentication;

import static org.assertj.core.api.Assertions.assertThat;

/** What a native image is told of the library. */
class RuntimeHintsTests {

	private final RuntimeHints hints = new RuntimeHints();

	/** As Spring finds it, by its file. */
	@BeforeEach
	void register() {
		AotServices.factories(getClass().getClassLoader())
			.load(RuntimeHintsRegistrar.class)
			.stream()
			.filter(IdempotencyRuntimeHints.class::isInstance)
			.forEach((registrar) -> registrar.registerHints(this.hints, getClass().getClassLoader()));
	}

	@ParameterizedTest
	@ValueSource(strings = { "postgresql", "mysql", "mariadb", "h2" })
	void scriptsOfTablesAreThere(String vendor) {
		String script = "io/idempotency/store/jdbc/schema-" + vendor + ".sql";
		assertThat(getClass().getClassLoader().getResource(script)).isNotNull();
		assertThat(RuntimeHintsPredicates.resource().forResource(script)).accepts(this.hints);
	}

	@ParameterizedTest
	@ValueSource(classes = { Idempotent.class, IdempotentStream.class })
	void annotationsCanBeReadWithAttributesMergedIn(Class<?> annotation) {
		assertThat(RuntimeHintsPredicates.proxies().forInterfaces(annotation)).accepts(this.hints);
		assertThat(RuntimeHintsPredicates.reflection()
			.onType(annotation)
			.withMemberCategory(MemberCategory.INVOKE_DECLARED_METHODS)).accepts(this.hints);
	}

	@Test
	void expressionsCanAskTheRequest() throws NoSuchMethodException {
		assertThat(RuntimeHintsPredicates.reflection()
			.onMethodInvocation(HttpServletRequest.class.getMethod("getHeader", String.class))).accepts(this.hints);
	}

	@Test
	void classesThatAreLookedForByNameAreFound() {
		assertThat(RuntimeHintsPredicates.reflection().onType(Authentication.class)).accepts(this.hints);
	}

}
