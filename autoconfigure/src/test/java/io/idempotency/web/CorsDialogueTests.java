package io.idempotency.web;

import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.stream.Stream;

import io.idempotency.Idempotent;
import io.idempotency.testsupport.HttpDialogue;
import io.idempotency.testsupport.HttpDialogue.Answer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.ResponseEntity;
import org.springframework.security.config.Customizer;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.CrossOrigin;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.cors.CorsConfiguration;
import org.springframework.web.cors.CorsConfigurationSource;
import org.springframework.web.cors.UrlBasedCorsConfigurationSource;
import org.springframework.web.servlet.config.annotation.CorsRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a browser asks and sees, where Spring MVC answers it, where an annotation does,
 * and where Spring Security does. The configurations are those of docs/http.md.
 */
class CorsDialogueTests {

	private static final String SHOP = "https://shop.example";

	private static final String DESK = "https://desk.example";

	private static ConfigurableApplicationContext mvc;

	private static ConfigurableApplicationContext security;

	private final String key = UUID.randomUUID().toString();

	/** A server that answers preflights in one of the ways, and a path on it. */
	record Side(String name, HttpDialogue client, String path) {

		@Override
		public String toString() {
			return this.name;
		}

	}

	@BeforeAll
	static void start() {
		mvc = WebTestApplication.start(new Class<?>[] { MvcCors.class, Orders.class });
		security = new SpringApplicationBuilder(SecuredApplication.class)
			.properties("server.port=0", "idempotency.store=memory", "spring.jmx.enabled=false",
					"spring.main.banner-mode=off", "logging.level.root=warn",
					"spring.datasource.generate-unique-name=true")
			.run();
	}

	@AfterAll
	static void stop() {
		mvc.close();
		security.close();
	}

	static Stream<Side> sides() {
		return Stream.of(new Side("WebMvcConfigurer", WebTestApplication.client(mvc), "/api/orders"),
				new Side("CrossOrigin", WebTestApplication.client(mvc), "/annotated/orders"),
				new Side("Spring Security", WebTestApplication.client(security), "/api/orders"));
	}

	@ParameterizedTest
	@MethodSource("sides")
	void preflightAllowsTheKeyHeader(Side side) {
		Answer answer = preflight(side, SHOP, "content-type,idempotency-key");
		assertThat(answer.status()).isEqualTo(200);
		assertThat(answer.header("Access-Control-Allow-Origin")).isEqualTo(SHOP);
		assertThat(answer.header("Access-Control-Allow-Methods")).contains("POST");
		assertThat(answer.header("Access-Control-Allow-Headers").toLowerCase(Locale.ROOT)).contains("idempotency-key");
		assertThat(answer.isReplay()).isFalse();
	}

	@ParameterizedTest
	@MethodSource("sides")
	void preflightRefusesWhatIsNotAllowed(Side side) {
		assertThat(preflight(side, "https://evil.example", "idempotency-key").status()).isEqualTo(403);
		assertThat(preflight(side, SHOP, "x-request-key").status()).isEqualTo(403);
	}

	private static Answer preflight(Side side, String origin, String headers) {
		return side.client.send(side.client.request("OPTIONS", side.path, null, "Origin", origin,
				"Access-Control-Request-Method", "POST", "Access-Control-Request-Headers", headers));
	}

	@ParameterizedTest
	@MethodSource("sides")
	void replayCarriesTheCorsHeadersOfThePresentRequest(Side side) {
		assertThat(preflight(side, SHOP, "content-type,idempotency-key").status()).isEqualTo(200);
		Answer first = side.client.post(side.path, this.key, "{}", "Origin", SHOP);
		assertThat(preflight(side, DESK, "content-type,idempotency-key").status()).isEqualTo(200);
		Answer second = side.client.post(side.path, this.key, "{}", "Origin", DESK);
		Answer mismatch = side.client.post(side.path, this.key, "[]", "Origin", DESK);
		Answer noBrowser = side.client.post(side.path, this.key, "{}");
		assertThat(first.status()).isEqualTo(201);
		assertThat(first.isReplay()).isFalse();
		assertThat(second.isReplay()).isTrue();
		assertThat(second.text()).isEqualTo(first.text());
		assertThat(mismatch.problem()).isEqualTo("payload-mismatch");
		assertCors(first, SHOP);
		assertCors(second, DESK);
		assertCors(mismatch, DESK);
		assertThat(noBrowser.isReplay()).isTrue();
		assertThat(noBrowser.response().headers().map().keySet())
			.noneMatch((name) -> name.toLowerCase(Locale.ROOT).startsWith("access-control-"));
		// caches have to know on what the answer depends, and the handler's own line
		// stays
		for (Answer answer : List.of(first, second)) {
			assertThat(varies(answer)).contains("origin", "accept-language");
			assertThat(varies(answer)).doesNotHaveDuplicates();
		}
	}

	/** What a script of the page may read, and that each line is there once. */
	private static void assertCors(Answer answer, String origin) {
		assertThat(all(answer, "Access-Control-Allow-Origin")).containsExactly(origin);
		assertThat(all(answer, "Access-Control-Allow-Credentials")).containsExactly("true");
		assertThat(String.join(", ", all(answer, "Access-Control-Expose-Headers")).split(", "))
			.containsExactly("Idempotent-Replayed", "Retry-After", "Location", "Link");
	}

	private static List<String> all(Answer answer, String header) {
		return answer.response().headers().allValues(header);
	}

	private static List<String> varies(Answer answer) {
		return all(answer, "Vary").stream()
			.flatMap((line) -> Stream.of(line.split(", *")))
			.map((name) -> name.toLowerCase(Locale.ROOT))
			.toList();
	}

	@ParameterizedTest
	@MethodSource("sides")
	void rule5ForeignOriginIsRefusedBeforeTheKeyIsClaimedAndBeforeAReplay(Side side) {
		Answer refused = side.client.post(side.path, this.key, "{}", "Origin", "https://evil.example");
		assertThat(refused.status()).isEqualTo(403);
		Answer first = side.client.post(side.path, this.key, "{}", "Origin", SHOP);
		assertThat(first.isReplay()).isFalse();
		assertThat(side.client.post(side.path, this.key, "{}", "Origin", SHOP).isReplay()).isTrue();
		Answer again = side.client.post(side.path, this.key, "{}", "Origin", "https://evil.example");
		assertThat(again.status()).isEqualTo(403);
		assertThat(again.text()).doesNotContain("order");
	}

	@RestController
	static class Orders {

		private int runs;

		@Idempotent
		@PostMapping("/api/orders")
		synchronized ResponseEntity<String> order(@RequestBody String body) {
			return answer();
		}

		@Idempotent
		@CrossOrigin(origins = { SHOP, DESK }, allowedHeaders = { "Content-Type", "Idempotency-Key" },
				exposedHeaders = { "Idempotent-Replayed", "Retry-After", "Location", "Link" },
				allowCredentials = "true")
		@PostMapping("/annotated/orders")
		synchronized ResponseEntity<String> annotated(@RequestBody String body) {
			return answer();
		}

		private ResponseEntity<String> answer() {
			return ResponseEntity.status(201).header("Vary", "Accept-Language").body("order " + ++this.runs);
		}

	}

	static class MvcCors {

		@Bean
		WebMvcConfigurer cors() {
			return new WebMvcConfigurer() {

				@Override
				public void addCorsMappings(CorsRegistry registry) {
					registry.addMapping("/api/**")
						.allowedOrigins(SHOP, DESK)
						.allowedMethods("GET", "POST")
						.allowedHeaders("Content-Type", "Idempotency-Key")
						.exposedHeaders("Idempotent-Replayed", "Retry-After", "Location", "Link")
						.allowCredentials(true);
				}

			};
		}

	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(Orders.class)
	static class SecuredApplication {

		@Bean
		SecurityFilterChain security(HttpSecurity http) {
			return http.cors(Customizer.withDefaults())
				.csrf((csrf) -> csrf.disable())
				.authorizeHttpRequests((requests) -> requests.anyRequest().permitAll())
				.build();
		}

		@Bean
		CorsConfigurationSource corsConfigurationSource() {
			CorsConfiguration cors = new CorsConfiguration();
			cors.setAllowedOrigins(List.of(SHOP, DESK));
			cors.setAllowedMethods(List.of("GET", "POST"));
			cors.setAllowedHeaders(List.of("Content-Type", "Idempotency-Key"));
			cors.setExposedHeaders(List.of("Idempotent-Replayed", "Retry-After", "Location", "Link"));
			cors.setAllowCredentials(true);
			UrlBasedCorsConfigurationSource source = new UrlBasedCorsConfigurationSource();
			source.registerCorsConfiguration("/api/**", cors);
			return source;
		}

	}

}
