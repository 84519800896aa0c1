package io.idempotency.web;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.idempotency.Idempotent;
import io.idempotency.store.IdempotencyStore;
import io.idempotency.testsupport.FlakyStore;
import io.idempotency.testsupport.HttpDialogue;
import io.idempotency.testsupport.HttpDialogue.Answer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Positive;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.csrf.CookieCsrfTokenRepository;
import org.springframework.security.web.csrf.CsrfTokenRequestAttributeHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsConfigurationSource;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rule 5: whatever is rejected before the method claims nothing, and a call that would be
 * rejected now is not answered from a record.
 */
class RejectionDialogueTests {

	private static ConfigurableApplicationContext application;

	private static HttpDialogue client;

	private static FlakyStore store;

	private static Gates gates;

	private static AtomicInteger runs;

	private final String key = UUID.randomUUID().toString();

	@BeforeAll
	static void start() {
		application = new SpringApplicationBuilder(GuardedApplication.class)
			.properties("server.port=0", "idempotency.store=flaky", "spring.jmx.enabled=false",
					"spring.main.banner-mode=off", "logging.level.root=warn",
					"spring.datasource.generate-unique-name=true")
			.run();
		client = WebTestApplication.client(application);
		store = application.getBean(FlakyStore.class);
		gates = application.getBean(Gates.class);
		runs = application.getBean(AtomicInteger.class);
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@AfterEach
	void open() {
		gates.open();
	}

	/** One way to be rejected. */
	record Rejection(String name, int status, Consumer<Call> how) {

		@Override
		public String toString() {
			return this.name;
		}

	}

	static Stream<Rejection> rejections() {
		return Stream.of(new Rejection("no credentials", 401, (call) -> call.headers.remove("Authorization")),
				new Rejection("wrong password", 401, (call) -> call.as("alice", "guess")),
				new Rejection("filter security", 403, (call) -> gates.roles = "ROLE_GUEST"),
				new Rejection("method security", 403, (call) -> gates.roles = "ROLE_CLERK"),
				new Rejection("no CSRF token", 403, (call) -> call.headers.remove("X-XSRF-TOKEN")),
				new Rejection("wrong CSRF token", 403, (call) -> call.headers.put("X-XSRF-TOKEN", "guess")),
				new Rejection("foreign origin", 403, (call) -> call.headers.put("Origin", "https://evil.example")),
				new Rejection("rate limit", 429, (call) -> gates.exhausted = "filter"),
				new Rejection("rate limit in a filter without an order", 429,
						(call) -> gates.exhausted = "inner filter"),
				new Rejection("rate limit in an interceptor", 429, (call) -> gates.exhausted = "interceptor"),
				new Rejection("@Valid", 400, (call) -> call.body = "{\"account\":\"alice\",\"amount\":-1}"),
				new Rejection("constraint on an argument", 400, (call) -> call.query = "?times=11"),
				new Rejection("missing parameter", 400, (call) -> call.query = ""),
				new Rejection("parameter of another type", 400, (call) -> call.query = "?times=often"),
				new Rejection("missing header", 400, (call) -> call.headers.remove("X-Region")),
				new Rejection("body that does not parse", 400, (call) -> call.body = "{\"account\":"),
				new Rejection("body that does not bind", 400,
						(call) -> call.body = "{\"account\":\"alice\",\"amount\":\"much\"}"),
				new Rejection("missing body", 400, (call) -> call.body = null),
				new Rejection("unknown path", 404, (call) -> call.path = "/payments/unknown"),
				new Rejection("unknown method", 405, (call) -> call.method = "PUT"),
				new Rejection("unacceptable", 406, (call) -> call.headers.put("Accept", "text/csv")),
				new Rejection("unsupported media type", 415, (call) -> call.headers.put("Content-Type", "text/csv")));
	}

	@ParameterizedTest
	@MethodSource("rejections")
	void rule5RejectionBurnsNoKey(Rejection rejection) {
		int claims = store.claims.get();
		int ran = runs.get();
		long counted = counted();
		Answer rejected = call(rejection.how);
		assertThat(rejected.status()).isEqualTo(rejection.status);
		assertThat(rejected.isReplay()).isFalse();
		assertThat(store.claims.get()).isEqualTo(claims);
		assertThat(runs.get()).isEqualTo(ran);
		assertThat(counted()).isEqualTo(counted);
		gates.open();
		Answer first = call((call) -> {
		});
		assertThat(first.status()).isEqualTo(200);
		assertThat(first.isReplay()).isFalse();
		assertThat(runs.get()).isEqualTo(ran + 1);
		assertThat(store.claims.get()).isEqualTo(claims + 1);
		assertThat(counted()).isEqualTo(counted + 1);
	}

	@ParameterizedTest
	@MethodSource("rejections")
	void rule5RejectionIsNotAnsweredFromARecordAndLeavesItAlone(Rejection rejection) {
		Answer first = call((call) -> {
		});
		assertThat(first.status()).isEqualTo(200);
		int claims = store.claims.get();
		Answer rejected = call(rejection.how);
		assertThat(rejected.status()).isEqualTo(rejection.status);
		assertThat(rejected.isReplay()).isFalse();
		assertThat(rejected.text()).doesNotContain("secret");
		assertThat(store.claims.get()).isEqualTo(claims);
		gates.open();
		Answer replay = call((call) -> {
		});
		assertThat(replay.isReplay()).isTrue();
		assertThat(replay.text()).isEqualTo(first.text());
	}

	@Test
	void rule5RoleIsCheckedOnEveryReplay() {
		Answer first = call((call) -> {
		});
		for (int i = 0; i < 3; i++) {
			gates.roles = "ROLE_CLERK";
			assertThat(call((call) -> {
			}).status()).isEqualTo(403);
			gates.roles = "ROLE_PAYER";
			Answer replay = call((call) -> {
			});
			assertThat(replay.isReplay()).isTrue();
			assertThat(replay.text()).isEqualTo(first.text());
		}
	}

	private Answer call(Consumer<Call> how) {
		Call call = new Call(this.key);
		how.accept(call);
		return call.send();
	}

	/** All calls that the library knows of. */
	private static long counted() {
		return application.getBean(MeterRegistry.class)
			.find("idempotency.operations")
			.timers()
			.stream()
			.mapToLong(Timer::count)
			.sum();
	}

	/** A call that is accepted, until something about it is changed. */
	private static final class Call {

		private String method = "POST";

		private String path = "/payments";

		private String query = "?times=1";

		private String body = "{\"account\":\"alice\",\"amount\":25.00}";

		private final Map<String, String> headers = new LinkedHashMap<>();

		Call(String key) {
			this.headers.putAll(Map.of("Idempotency-Key", key, "X-Region", "eu", "Origin", "https://shop.example",
					"Cookie", "XSRF-TOKEN=token", "X-XSRF-TOKEN", "token", "Content-Type", "application/json", "Accept",
					"application/json"));
			as("alice", "secret");
		}

		void as(String user, String password) {
			String credentials = user + ":" + password;
			this.headers.put("Authorization",
					"Basic " + Base64.getEncoder().encodeToString(credentials.getBytes(StandardCharsets.UTF_8)));
		}

		Answer send() {
			List<String> lines = new ArrayList<>();
			this.headers.forEach((name, value) -> lines.addAll(List.of(name, value)));
			return client
				.send(client.request(this.method, this.path + this.query, this.body, lines.toArray(String[]::new)));
		}

	}

	/** What tests close. */
	static class Gates implements UserDetailsService {

		volatile String roles = "ROLE_PAYER";

		volatile String exhausted = "";

		void open() {
			this.roles = "ROLE_PAYER";
			this.exhausted = "";
		}

		@Override
		public UserDetails loadUserByUsername(String username) {
			return new User(username, "{noop}secret", AuthorityUtils.createAuthorityList(this.roles));
		}

	}

	record Payment(String account, @Positive BigDecimal amount) {
	}

	@RestController
	static class Payments {

		private final AtomicInteger runs;

		Payments(AtomicInteger runs) {
			this.runs = runs;
		}

		@Idempotent
		@PreAuthorize("hasRole('PAYER')")
		@PostMapping(path = "/payments", consumes = "application/json", produces = "application/json")
		public Map<String, Object> pay(Principal principal, @RequestParam @Max(10) int times,
				@RequestHeader("X-Region") String region, @RequestBody @Valid Payment payment) {
			return Map.of("secret of " + principal.getName(), this.runs.incrementAndGet());
		}

	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@EnableMethodSecurity
	@Import({ Payments.class, Gates.class })
	static class GuardedApplication {

		@Bean
		AtomicInteger runs() {
			return new AtomicInteger();
		}

		@Bean
		IdempotencyStore flaky() {
			return new FlakyStore();
		}

		/** Inside Spring Security, as a limit for each user has to be. */
		@Bean
		FilterRegistrationBean<Filter> rateLimit(Gates gates) {
			FilterRegistrationBean<Filter> registration = new FilterRegistrationBean<>(limit(gates, "filter"));
			registration.setOrder(0);
			return registration;
		}

		@Bean
		FilterRegistrationBean<Filter> innerRateLimit(Gates gates) {
			return new FilterRegistrationBean<>(limit(gates, "inner filter"));
		}

		private static Filter limit(Gates gates, String name) {
			return (request, response, chain) -> {
				if (gates.exhausted.equals(name)) {
					((HttpServletResponse) response).setStatus(429);
				}
				else {
					chain.doFilter(request, response);
				}
			};
		}

		@Bean
		WebMvcConfigurer interceptors(Gates gates) {
			HandlerInterceptor limit = new HandlerInterceptor() {

				@Override
				public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
					boolean exhausted = gates.exhausted.equals("interceptor");
					if (exhausted) {
						response.setStatus(429);
					}
					return !exhausted;
				}

			};
			return new WebMvcConfigurer() {

				@Override
				public void addInterceptors(InterceptorRegistry registry) {
					registry.addInterceptor(limit);
				}

			};
		}

		@Bean
		SecurityFilterChain security(HttpSecurity http) {
			return http.cors(Customizer.withDefaults())
				.csrf((csrf) -> csrf.csrfTokenRepository(CookieCsrfTokenRepository.withHttpOnlyFalse())
					.csrfTokenRequestHandler(new CsrfTokenRequestAttributeHandler()))
				.httpBasic(Customizer.withDefaults())
				.authorizeHttpRequests((requests) -> requests.dispatcherTypeMatchers(DispatcherType.ERROR)
					.permitAll()
					.anyRequest()
					.hasAnyRole("PAYER", "CLERK"))
				.build();
		}

		@Bean
		CorsConfigurationSource corsConfigurationSource() {
			CorsConfiguration cors = new CorsConfiguration();
			cors.setAllowedOrigins(List.of("https://shop.example"));
			cors.setAllowedMethods(List.of("POST", "PUT"));
			UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
			source.registerCorsConfiguration("/**", cors);
			return source;
		}

	}

}
