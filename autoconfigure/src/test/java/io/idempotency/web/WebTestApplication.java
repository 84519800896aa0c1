package io.idempotency.web;

import io.idempotency.testsupport.HttpDialogue;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;

/** An application on a real server, without Spring Security, records in memory. */
@SpringBootConfiguration
@EnableAutoConfiguration(excludeName = {
		"org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration",
		"org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration",
		"org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration",
		"org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration",
		"org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration" })
@Import({ TestHandlers.Runs.class, TestHandlers.Payments.class, TestHandlers.Bodies.class, TestHandlers.Views.class,
		TestHandlers.Charges.class, TestHandlers.Baskets.class })
class WebTestApplication {

	/** Starts it with further sources and properties. */
	static ConfigurableApplicationContext start(Class<?>[] sources, String... properties) {
		return new SpringApplicationBuilder(WebTestApplication.class).sources(sources)
			.properties("server.port=0", "idempotency.store=memory", "spring.jmx.enabled=false",
					"spring.main.banner-mode=off", "logging.level.root=warn",
					"spring.datasource.generate-unique-name=true")
			.properties(properties)
			.run();
	}

	static ConfigurableApplicationContext start(String... properties) {
		return start(new Class<?>[0], properties);
	}

	static HttpDialogue client(ConfigurableApplicationContext application) {
		return new HttpDialogue(((WebServerApplicationContext) application).getWebServer().getPort());
	}

}
