package io.idempotency.actuate;

import java.util.concurrent.atomic.AtomicInteger;

import io.idempotency.Idempotent;
import io.idempotency.Recovery;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.actuate.audit.AuditEventRepository;
import org.springframework.boot.actuate.audit.InMemoryAuditEventRepository;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.security.autoconfigure.actuate.web.servlet.EndpointRequest;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** An application whose endpoints are for operators. */
@SpringBootConfiguration
@EnableAutoConfiguration
@Import({ EndpointApplication.Runs.class, EndpointApplication.Withdrawals.class, EndpointApplication.Imports.class })
class EndpointApplication {

	static ConfigurableApplicationContext start(String... properties) {
		return new SpringApplicationBuilder(EndpointApplication.class)
			.properties("server.port=0", "idempotency.store=memory", "spring.jmx.enabled=false",
					"spring.main.banner-mode=off", "logging.level.root=warn",
					"logging.level.io.idempotency.actuate=info", "spring.datasource.generate-unique-name=true")
			.properties(properties)
			.run();
	}

	@Bean
	AuditEventRepository auditEvents() {
		return new InMemoryAuditEventRepository();
	}

	@Bean
	UserDetailsService users() {
		return (name) -> new User(name, "{noop}pass",
				AuthorityUtils.createAuthorityList(name.equals("oscar") ? "ROLE_OPERATOR" : "ROLE_USER"));
	}

	@Bean
	SecurityFilterChain security(HttpSecurity http) {
		return http
			.authorizeHttpRequests((requests) -> requests.requestMatchers(EndpointRequest.toAnyEndpoint())
				.hasRole("OPERATOR")
				.anyRequest()
				.authenticated())
			.httpBasic(Customizer.withDefaults())
			.csrf((csrf) -> csrf.disable())
			.build();
	}

	/** What the handler did and is to do. */
	static class Runs {

		final AtomicInteger count = new AtomicInteger();

		volatile boolean failing;

	}

	@RestController
	static class Withdrawals {

		private final Runs runs;

		Withdrawals(Runs runs) {
			this.runs = runs;
		}

		@Idempotent(recovery = Recovery.HOLD, ttl = "1h")
		@PostMapping("/accounts/{id}/withdrawals")
		String withdraw(@RequestBody String body) {
			int run = this.runs.count.incrementAndGet();
			if (this.runs.failing) {
				throw new IllegalStateException("made to fail");
			}
			return "secret answer of run " + run;
		}

	}

	static class Imports {

		@Idempotent(key = "#file", operation = "import", required = false)
		public String run(String file) {
			return file;
		}

	}

}
