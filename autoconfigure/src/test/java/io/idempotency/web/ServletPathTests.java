package io.idempotency.web;

import io.idempotency.testsupport.HttpDialogue;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/** Rule 4: the route of an operation begins at the root of the application. */
class ServletPathTests {

	@Test
	void rule4PathOfTheServletBelongsToTheOperation() {
		try (ConfigurableApplicationContext application = WebTestApplication.start("spring.mvc.servlet.path=/api",
				"server.servlet.context-path=/shop")) {
			HttpDialogue client = WebTestApplication.client(application);
			assertThat(client.post("/shop/api/refunds", "key", "{}").isReplay()).isFalse();
			assertThat(client.post("/shop/api/refunds", "key", "{}").isReplay()).isTrue();
			assertThat(application.getBean(MeterRegistry.class)
				.get("idempotency.operations")
				.tags("operation", "POST /api/refunds", "outcome", "replayed")
				.timer()
				.count()).isEqualTo(1);
		}
	}

}
