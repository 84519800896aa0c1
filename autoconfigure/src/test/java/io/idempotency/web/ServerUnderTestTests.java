package io.idempotency.web;

import io.idempotency.testsupport.ServerUnderTest;
import org.junit.jupiter.api.Test;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/** A run that says Jetty is one on Jetty. */
class ServerUnderTestTests {

	@Test
	void applicationsRunOnTheChosenServer() {
		try (ConfigurableApplicationContext application = WebTestApplication.start()) {
			assertThat(((WebServerApplicationContext) application).getWebServer().getClass().getSimpleName())
				.startsWithIgnoringCase(ServerUnderTest.current().name());
		}
	}

}
