package io.idempotency.web;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.idempotency.Idempotent;
import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.memory.InMemoryIdempotencyStore;
import io.idempotency.testsupport.HttpDialogue;
import io.idempotency.testsupport.HttpDialogue.Answer;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.www.BasicAuthenticationFilter;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Rules 4 and 6: many callers with one key and one body at one endpoint never meet: not
 * in the store, not in answers, not in meters, not in the log.
 */
@ExtendWith(OutputCaptureExtension.class)
class IsolationDialogueTests {

	private static final String BODY = "{\"to\":\"carol\"}";

	/** Headers of callers: two names, three realms of one name, nobody, and tenants. */
	static final Map<String, List<String>> CALLERS = Map.of("alice at tenant-red",
			List.of("Authorization", basic("alice"), "X-Tenant", "tenant-red"), "alice at tenant-blue",
			List.of("Authorization", basic("alice"), "X-Tenant", "tenant-blue"), "alice at no tenant",
			List.of("Authorization", basic("alice")), "bob at tenant-red",
			List.of("Authorization", basic("bob"), "X-Tenant", "tenant-red"), "alice of issuer-one at tenant-red",
			List.of("X-Issuer", "https://issuer-one.example", "X-Subject", "alice", "X-Tenant", "tenant-red"),
			"alice of issuer-two at tenant-red",
			List.of("X-Issuer", "https://issuer-two.example", "X-Subject", "alice", "X-Tenant", "tenant-red"),
			"nobody at tenant-red", List.of("X-Tenant", "tenant-red"), "nobody at no tenant", List.of());

	private static ConfigurableApplicationContext application;

	private static HttpDialogue client;

	private static Records records;

	private static TestHandlers.Runs runs;

	private final String key = "caller-key-" + UUID.randomUUID();

	@BeforeAll
	static void start() {
		application = new SpringApplicationBuilder(SharedApplication.class)
			.properties("server.port=0", "idempotency.store=recorded", "spring.jmx.enabled=false",
					"spring.main.banner-mode=off", "logging.level.root=warn", "logging.level.io.idempotency=trace",
					"idempotency.http.max-response-size=1KB", "idempotency.store-timeout=100ms",
					"idempotency.lease=600ms", "spring.datasource.generate-unique-name=true")
			.run();
		client = WebTestApplication.client(application);
		records = application.getBean(Records.class);
		runs = application.getBean(TestHandlers.Runs.class);
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@BeforeEach
	void forget() {
		records.payloads.clear();
	}

	@Test
	void rule4EachCallerHasItsOwnAnswer() {
		Map<String, Answer> firsts = new HashMap<>();
		CALLERS.forEach((caller, headers) -> firsts.put(caller, transfer(headers, BODY)));
		assertThat(firsts.values()).allMatch((answer) -> answer.status() == 200 && !answer.isReplay());
		assertThat(firsts.values().stream().map(Answer::text)).doesNotHaveDuplicates();
		CALLERS.forEach((caller, headers) -> {
			Answer replay = transfer(headers, BODY);
			assertThat(replay.isReplay()).as(caller).isTrue();
			assertThat(replay.text()).as(caller).isEqualTo(firsts.get(caller).text());
		});
	}

	@Test
	void rule4EachCallerHasItsOwnRecord() {
		List<String> answers = new ArrayList<>();
		CALLERS.values().forEach((headers) -> answers.add(transfer(headers, BODY).text()));
		assertThat(records.payloads).hasSize(CALLERS.size());
		List<String> stored = records.payloads.values().stream().toList();
		for (String answer : answers) {
			assertThat(stored.stream().filter((payload) -> payload.contains(answer))).hasSize(1);
		}
		// an identity says nothing about who called and with what
		assertThat(records.payloads.keySet()).noneMatch((identity) -> identity.contains(this.key)
				|| identity.contains("alice") || identity.contains("tenant") || identity.contains("issuer"));
		assertThat(records.payloads.keySet().stream().map(String::length).distinct()).hasSize(1);
	}

	@Test
	void rule4NoCallerLearnsOfAnothersKey() {
		List<String> alice = CALLERS.get("alice at tenant-red");
		transfer(alice, BODY);
		CALLERS.forEach((caller, headers) -> {
			// a mismatch or a conflict would tell
			Answer answer = transfer(headers, "{\"to\":\"mallory\"}");
			assertThat(answer.status()).as(caller).isEqualTo(headers.equals(alice) ? 422 : 200);
			assertThat(answer.text()).as(caller).doesNotContain(this.key).doesNotContain("carol");
		});
	}

	@Test
	void rule4CallInFlightIsSeenByItsCallerOnly() throws Exception {
		List<String> alice = CALLERS.get("alice at tenant-red");
		runs.closeGate();
		CompletableFuture<Answer> running = client.postAsync("/gated", this.key, BODY, alice.toArray(String[]::new));
		assertThat(runs.entered.await(10, TimeUnit.SECONDS)).isTrue();
		List<CompletableFuture<Answer>> others = new ArrayList<>();
		try {
			assertThat(gated(alice).get(10, TimeUnit.SECONDS).problem()).isEqualTo("in-progress");
			CALLERS.values()
				.stream()
				.filter((headers) -> !headers.equals(alice))
				.forEach((headers) -> others.add(gated(headers)));
		}
		finally {
			runs.gate.countDown();
		}
		assertThat(running.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
		for (CompletableFuture<Answer> other : others) {
			assertThat(other.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
		}
	}

	private CompletableFuture<Answer> gated(List<String> headers) {
		return client.postAsync("/gated", this.key, BODY, headers.toArray(String[]::new));
	}

	@Test
	void rule6NoMeterAndNoLogLineNamesACaller(CapturedOutput output) {
		for (List<String> headers : CALLERS.values()) {
			transfer(headers, BODY);
			transfer(headers, BODY);
			transfer(headers, "{\"to\":\"mallory\"}");
			client.post("/transfers", this.key + " more", BODY, headers.toArray(String[]::new));
			client.post("/oversize", this.key, BODY, headers.toArray(String[]::new));
			client.post("/policed", this.key, BODY, headers.toArray(String[]::new));
		}
		records.failing = true;
		try {
			CALLERS.values().forEach((headers) -> {
				assertThat(client.post("/transfers", this.key + "-2", BODY, headers.toArray(String[]::new)).status())
					.isEqualTo(200);
			});
		}
		finally {
			records.failing = false;
		}
		// four keys of each caller, the last of them kept late
		await().atMost(10, TimeUnit.SECONDS).until(() -> records.payloads.size() == 4 * CALLERS.size());
		// there is something to look at
		assertThat(output).contains("A response of POST /oversize is not kept")
			.contains("The ResponseStoragePolicy failed")
			.contains("the store failed to keep its result");
		List<String> meters = application.getBean(MeterRegistry.class)
			.getMeters()
			.stream()
			.map((meter) -> meter.getId().toString())
			.toList();
		assertThat(meters).anyMatch((meter) -> meter.contains("idempotency.operations"))
			.anyMatch((meter) -> meter.contains("POST /transfers"));
		for (String secret : List.of(this.key, "alice", "bob", "tenant-red", "tenant-blue", "issuer-one", "issuer-two",
				"carol", "mallory", "secret of")) {
			assertThat(meters).as(secret).noneMatch((meter) -> meter.contains(secret));
			assertThat(output.getAll().contains(secret)).as(secret).isFalse();
		}
	}

	private Answer transfer(List<String> headers, String body) {
		return client.post("/transfers", this.key, body, headers.toArray(String[]::new));
	}

	private static String basic(String user) {
		return "Basic " + Base64.getEncoder().encodeToString((user + ":pass").getBytes(StandardCharsets.UTF_8));
	}

	/** What a store was given to keep, by the identity of its record. */
	static class Records {

		final Map<String, String> payloads = new ConcurrentHashMap<>();

		volatile boolean failing;

		/** A real store behind it. */
		IdempotencyStore store() {
			IdempotencyStore store = new InMemoryIdempotencyStore(64 * 1024 * 1024);
			return (IdempotencyStore) Proxy.newProxyInstance(getClass().getClassLoader(),
					new Class<?>[] { IdempotencyStore.class }, (proxy, method, arguments) -> {
						if (method.getName().equals("complete")) {
							keep((Claim) arguments[0], (StoredResult) arguments[1]);
						}
						try {
							return method.invoke(store, arguments);
						}
						catch (InvocationTargetException ex) {
							throw ex.getTargetException();
						}
					});
		}

		private void keep(Claim claim, StoredResult result) {
			if (this.failing) {
				throw new IdempotencyStoreException("made to fail", null);
			}
			String payload = result.isKept() ? new String(result.payload(), StandardCharsets.UTF_8) : "";
			this.payloads.put(claim.key().toString(), payload);
		}

	}

	@RestController
	static class Transfers {

		private final TestHandlers.Runs runs;

		Transfers(TestHandlers.Runs runs) {
			this.runs = runs;
		}

		@Idempotent
		@PostMapping("/transfers")
		String transfer(Principal principal, HttpServletRequest request, @RequestBody String body) {
			return "<secret of " + (principal != null ? principal.getName() : "nobody") + " "
					+ request.getHeader("X-Tenant") + " run " + this.runs.count("transfers") + ">";
		}

		@Idempotent
		@PostMapping("/gated")
		String gated(@RequestBody String body) {
			this.runs.pass();
			return "run " + this.runs.count("gated");
		}

		@Idempotent
		@PostMapping("/oversize")
		String oversize(@RequestBody String body) {
			return "secret of all ".repeat(100);
		}

		@Idempotent
		@PostMapping("/policed")
		String policed(@RequestBody String body) {
			return "policed";
		}

	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import({ Transfers.class, Records.class, TestHandlers.Runs.class })
	static class SharedApplication {

		@Bean
		IdempotencyStore recordedIdempotencyStore(Records records) {
			return records.store();
		}

		@Bean
		IdempotencyScopeResolver tenants() {
			return (request) -> request.getHeader("X-Tenant");
		}

		@Bean
		ResponseStoragePolicy policy() {
			return (response) -> {
				if (response.operation().equals("POST /policed")) {
					throw new IllegalStateException("made to fail");
				}
				return response.storedByStatus();
			};
		}

		@Bean
		UserDetailsService users() {
			return (name) -> new User(name, "{noop}pass", AuthorityUtils.createAuthorityList("ROLE_USER"));
		}

		@Bean
		SecurityFilterChain security(HttpSecurity http) {
			return http.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
				.httpBasic(Customizer.withDefaults())
				.csrf((csrf) -> csrf.disable())
				.addFilterBefore(tokens(), BasicAuthenticationFilter.class)
				.build();
		}

		/** Believes every token, which no application should. */
		private static Filter tokens() {
			return (request, response, chain) -> {
				HttpServletRequest http = (HttpServletRequest) request;
				if (http.getHeader("X-Issuer") != null) {
					OidcIdToken token = OidcIdToken.withTokenValue("t")
						.issuer(http.getHeader("X-Issuer"))
						.subject(http.getHeader("X-Subject"))
						.issuedAt(Instant.now())
						.expiresAt(Instant.now().plusSeconds(60))
						.build();
					SecurityContextHolder.setContext(new SecurityContextImpl(new OAuth2AuthenticationToken(
							new DefaultOidcUser(AuthorityUtils.createAuthorityList("ROLE_USER"), token),
							AuthorityUtils.createAuthorityList("ROLE_USER"), "registration")));
				}
				chain.doFilter(request, response);
			};
		}

	}

}
