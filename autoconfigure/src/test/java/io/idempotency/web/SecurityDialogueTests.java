package io.idempotency.web;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

import io.idempotency.Idempotent;
import io.idempotency.testsupport.HttpDialogue;
import io.idempotency.testsupport.HttpDialogue.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.GrantedAuthority;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

import java.security.Principal;

import static org.assertj.core.api.Assertions.assertThat;

/** Rules 4 and 5 with Spring Security: nobody is answered from another's record. */
class SecurityDialogueTests {

	private static ConfigurableApplicationContext application;

	private static HttpDialogue client;

	private static Users users;

	private static AtomicInteger runs;

	private final String key = UUID.randomUUID().toString();

	@BeforeAll
	static void start() {
		application = new SpringApplicationBuilder(SecuredApplication.class)
			.properties("server.port=0", "idempotency.store=memory", "spring.jmx.enabled=false",
					"spring.main.banner-mode=off", "logging.level.root=warn",
					"spring.datasource.generate-unique-name=true")
			.run();
		client = WebTestApplication.client(application);
		users = application.getBean(Users.class);
		runs = application.getBean(AtomicInteger.class);
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@Test
	void rule4AnswerOfOneUserNeverReachesAnother() {
		Answer alice = pay("alice", "{}");
		Answer bob = pay("bob", "{}");
		assertThat(alice.text()).startsWith("alice");
		assertThat(bob.status()).isEqualTo(200);
		assertThat(bob.text()).startsWith("bob");
		assertThat(bob.isReplay()).isFalse();
		assertThat(pay("alice", "{}").text()).isEqualTo(alice.text());
		assertThat(pay("bob", "{}").text()).isEqualTo(bob.text());
	}

	@Test
	void rule4CallerCannotLearnThatAnotherUsedTheKey() {
		pay("alice", "{\"a\":1}");
		// a mismatch would tell
		assertThat(pay("bob", "{\"a\":2}").status()).isEqualTo(200);
	}

	@Test
	void rule5CallerWithoutAuthenticationGets401AndNotTheReplay() {
		Answer alice = pay("alice", "{}");
		Answer nobody = client.post("/payments", this.key, "{}");
		assertThat(nobody.status()).isEqualTo(401);
		assertThat(nobody.text()).doesNotContain("alice");
		assertThat(nobody.isReplay()).isFalse();
		assertThat(pay("alice", "{}").text()).isEqualTo(alice.text());
	}

	@Test
	void rule5CallerWhoLostTheRoleGets403AndNotTheReplay() {
		Answer before = pay("carol", "{}");
		assertThat(before.status()).isEqualTo(200);
		assertThat(pay("carol", "{}").isReplay()).isTrue();
		users.carolMayPay = false;
		try {
			Answer denied = pay("carol", "{}");
			assertThat(denied.status()).isEqualTo(403);
			assertThat(denied.isReplay()).isFalse();
			assertThat(denied.text()).doesNotContain("carol");
		}
		finally {
			users.carolMayPay = true;
		}
		assertThat(pay("carol", "{}").text()).isEqualTo(before.text());
	}

	@Test
	void rule5RejectionBurnsNoKeyAndRunsNothing() {
		int before = runs.get();
		users.carolMayPay = false;
		try {
			assertThat(pay("carol", "{}").status()).isEqualTo(403);
			assertThat(client.post("/payments", this.key, "{}").status()).isEqualTo(401);
		}
		finally {
			users.carolMayPay = true;
		}
		assertThat(runs.get()).isEqualTo(before);
		Answer allowed = pay("carol", "{}");
		assertThat(allowed.status()).isEqualTo(200);
		assertThat(allowed.isReplay()).isFalse();
	}

	@Test
	void securityHeadersAreOnReplaysAndProblemsOnce() {
		Answer first = pay("alice", "{}");
		Answer replay = pay("alice", "{}");
		Answer mismatch = pay("alice", "[]");
		for (Answer answer : List.of(first, replay, mismatch)) {
			assertThat(answer.response().headers().allValues("X-Content-Type-Options")).containsExactly("nosniff");
			assertThat(answer.response().headers().allValues("Cache-Control")).hasSize(1);
		}
		assertThat(replay.isReplay()).isTrue();
		assertThat(mismatch.problem()).isEqualTo("payload-mismatch");
	}

	private Answer pay(String user, String body) {
		String credentials = Base64.getEncoder().encodeToString((user + ":secret").getBytes(StandardCharsets.UTF_8));
		return client.post("/payments", this.key, body, "Authorization", "Basic " + credentials);
	}

	static class Users implements UserDetailsService {

		volatile boolean carolMayPay = true;

		@Override
		public UserDetails loadUserByUsername(String username) {
			boolean mayPay = !username.equals("carol") || this.carolMayPay;
			Collection<? extends GrantedAuthority> authorities = mayPay
					? AuthorityUtils.createAuthorityList("ROLE_PAYER") : List.of();
			return new User(username, "{noop}secret", authorities);
		}

	}

	@RestController
	static class Payments {

		private final AtomicInteger runs;

		Payments(AtomicInteger runs) {
			this.runs = runs;
		}

		@Idempotent
		@PreAuthorize("hasRole('PAYER')")
		@PostMapping("/payments")
		public String pay(Principal principal, @RequestBody String body) {
			return principal.getName() + " run " + this.runs.incrementAndGet();
		}

		@GetMapping("/open")
		public String open() {
			return "open";
		}

	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@EnableMethodSecurity
	@Import(Payments.class)
	static class SecuredApplication {

		@Bean
		AtomicInteger runs() {
			return new AtomicInteger();
		}

		@Bean
		Users users() {
			return new Users();
		}

		@Bean
		SecurityFilterChain security(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().authenticated())
				.httpBasic(Customizer.withDefaults())
				.csrf((csrf) -> csrf.disable())
				.build();
		}

	}

}
