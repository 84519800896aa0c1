package io.idempotency.openapi;

import java.math.BigDecimal;
import java.util.Map;

import io.idempotency.Idempotent;
import io.idempotency.InProgress;
import io.idempotency.Recovery;
import io.idempotency.testsupport.HttpDialogue;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** An application on a real server that publishes its OpenAPI document. */
@SpringBootConfiguration
@EnableAutoConfiguration(excludeName = {
		"org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration",
		"org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration",
		"org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration",
		"org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration",
		"org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration" })
@Import(PublishingApplication.Handlers.class)
class PublishingApplication {

	static ConfigurableApplicationContext start(Class<?>[] sources, String... arguments) {
		String[] all = new String[arguments.length + 1];
		System.arraycopy(arguments, 0, all, 1, arguments.length);
		all[0] = "--springdoc.api-docs.enabled=true";
		return new SpringApplicationBuilder(PublishingApplication.class).sources(sources)
			.properties("server.port=0", "idempotency.store=memory", "spring.jmx.enabled=false",
					"spring.main.banner-mode=off", "logging.level.root=warn",
					"spring.datasource.generate-unique-name=true")
			.run(all);
	}

	static ConfigurableApplicationContext start(String... arguments) {
		return start(new Class<?>[0], arguments);
	}

	static HttpDialogue client(ConfigurableApplicationContext application) {
		return new HttpDialogue(((WebServerApplicationContext) application).getWebServer().getPort());
	}

	record Order(String id, BigDecimal amount) {
	}

	@RestController
	static class Handlers {

		@Idempotent
		@PostMapping("/payments")
		@ResponseStatus(HttpStatus.CREATED)
		Order pay(@RequestBody Order order) {
			return order;
		}

		@Idempotent(inProgress = InProgress.WAIT, waitTimeout = "30s", ttl = "7d")
		@PostMapping("/waiting")
		Order waiting(@RequestBody Order order) {
			return order;
		}

		@Idempotent(recovery = Recovery.HOLD, required = false, ttl = "90m")
		@PostMapping("/withdrawals")
		Order withdraw(@RequestBody Order order) {
			return order;
		}

		@Idempotent(store = "jdbc-transactional")
		@PostMapping("/bookings")
		Order book(@RequestBody Order order) {
			return order;
		}

		@Idempotent(key = "#order.id")
		@PostMapping("/orders")
		Order order(@RequestBody Order order) {
			return order;
		}

		@Idempotent(key = "#headers[ \"X-Reference\" ]")
		@PostMapping("/references")
		Order reference(@RequestBody Order order) {
			return order;
		}

		@Idempotent(key = "#headers['X-Tenant'] + ':' + #request.getHeader('X-Order')")
		@PostMapping("/tenants")
		Order tenant(@RequestBody Order order) {
			return order;
		}

		@Idempotent(required = false)
		@Operation(description = "Closes an account.")
		@ApiResponse(responseCode = "200", description = "It is closed.")
		@ApiResponse(responseCode = "409", description = "It was closed before.",
				content = @Content(mediaType = "application/problem+json",
						schema = @Schema(implementation = ProblemDetail.class)))
		@ApiResponse(responseCode = "422", description = "It holds money.",
				content = @Content(mediaType = "application/json", schema = @Schema(implementation = Map.class)))
		@PostMapping("/closings")
		Order close(@RequestHeader("idempotency-key") String key, @RequestBody Order order) {
			return order;
		}

		@GetMapping("/payments")
		String payments() {
			return "none";
		}

	}

}
