package io.idempotency.client;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;

import io.idempotency.IdempotencyContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.retry.Retry;

import org.springframework.http.client.MultipartBodyBuilder;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.web.reactive.function.BodyInserters;
import org.springframework.web.reactive.function.client.WebClient;
import org.springframework.web.reactive.function.client.WebClientResponseException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Keys of requests of a {@code WebClient}, as a provider sees them. */
class ReactiveOutgoingKeysTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final FakeProvider provider = new FakeProvider();

	private final ReactiveOutgoingKeys keys = new ReactiveOutgoingKeys();

	private final WebClient client = WebClient.builder()
		.clientConnector(new JdkClientHttpConnector(
				java.net.http.HttpClient.newBuilder().version(java.net.http.HttpClient.Version.HTTP_1_1).build()))
		.baseUrl(this.provider.url())
		.apply(this.keys.of("payments"))
		.build();

	@AfterEach
	void close() {
		IdempotencyContext.exchange(null);
		this.provider.close();
	}

	private Mono<String> charge(String body) {
		return this.client.post().uri("/charges").bodyValue(body).retrieve().bodyToMono(String.class);
	}

	private static void operation() {
		IdempotencyContext.exchange(new IdempotencyContext("transfer", "digest", () -> 1));
	}

	@Test
	void bodyArrivesAsItWas() {
		String large = "x".repeat(200_000);
		charge(large).block(PATIENCE);
		this.client.post().uri("/charges").bodyValue(Map.of("amount", 1)).retrieve().toBodilessEntity().block(PATIENCE);
		this.client.post().uri("/charges").retrieve().toBodilessEntity().block(PATIENCE);
		this.client.post()
			.uri("/charges")
			.body(Flux.just("a", "b"), String.class)
			.retrieve()
			.toBodilessEntity()
			.block(PATIENCE);
		assertThat(this.provider.requests().stream().map(FakeProvider.Asked::body)).containsExactly(large,
				"{\"amount\":1}", "", "ab");
		assertThat(this.provider.keys()).doesNotHaveDuplicates().allMatch((key) -> key.matches("[A-Za-z0-9_-]{22}"));
	}

	@Test
	void headerThatIsThereStaysAndReadsGetNone() {
		this.client.post()
			.uri("/charges")
			.header("Idempotency-Key", "mine")
			.retrieve()
			.toBodilessEntity()
			.block(PATIENCE);
		this.client.get().uri("/charges").retrieve().toBodilessEntity().block(PATIENCE);
		assertThat(this.provider.keys()).containsExactly("mine", null);
	}

	@Test
	void retryKeepsTheKeyOutsideOfOperations() {
		this.provider.answers(FakeProvider.HANG_UP, 503);
		charge("a").retryWhen(Retry.fixedDelay(3, Duration.ofMillis(1))).block(PATIENCE);
		charge("a").block(PATIENCE);
		List<String> sent = this.provider.keys();
		assertThat(sent).hasSize(4);
		assertThat(sent.subList(0, 3)).containsOnly(sent.get(0));
		assertThat(sent.get(3)).isNotEqualTo(sent.get(0));
		assertThat(this.provider.bookings()).containsExactly("a", "a");
	}

	@Test
	void retryInAnotherThreadKeepsTheKeyOfTheOperation() {
		operation();
		this.provider.answers(FakeProvider.HANG_UP, FakeProvider.BREAK_OFF);
		Mono<String> first = charge("a").retryWhen(Retry.fixedDelay(3, Duration.ofMillis(1)));
		Mono<String> second = charge("b");
		IdempotencyContext.exchange(null);
		first.subscribeOn(Schedulers.parallel()).block(PATIENCE);
		second.subscribeOn(Schedulers.parallel()).block(PATIENCE);
		List<String> sent = this.provider.keys();
		assertThat(sent.subList(0, 3)).containsOnly(sent.get(0));
		assertThat(this.provider.bookings()).containsExactlyInAnyOrder("a", "b");
		operation();
		charge("a").block(PATIENCE);
		charge("b").block(PATIENCE);
		assertThat(this.provider.keys().subList(4, 6)).containsExactly(sent.get(0), sent.get(3));
	}

	@Test
	void callThatIsMadeAnewAfterAFailureKeepsItsKey() {
		operation();
		this.provider.answers(503);
		assertThatExceptionOfType(WebClientResponseException.class).isThrownBy(() -> charge("a").block(PATIENCE));
		charge("a").block(PATIENCE);
		charge("a").block(PATIENCE);
		List<String> sent = this.provider.keys();
		assertThat(sent.get(1)).isEqualTo(sent.get(0));
		assertThat(sent.get(2)).isNotEqualTo(sent.get(0));
	}

	@Test
	void callThatSucceededAtLastIsOverForTheNext() {
		operation();
		this.provider.answers(503);
		charge("a").retry(1).block(PATIENCE);
		charge("a").block(PATIENCE);
		List<String> sent = this.provider.keys();
		assertThat(sent.get(1)).isEqualTo(sent.get(0));
		assertThat(sent.get(2)).isNotEqualTo(sent.get(0));
	}

	/** Such a body is cancelled. */
	@Test
	void answerWhoseBodyIsNotWantedIsFinal() {
		operation();
		for (int i = 0; i < 3; i++) {
			this.client.post().uri("/charges").bodyValue("a").retrieve().bodyToMono(Void.class).block(PATIENCE);
		}
		assertThat(this.provider.keys()).hasSize(3).doesNotHaveDuplicates();
	}

	@Test
	void multipartBodiesArriveAsTheyWere() {
		MultipartBodyBuilder parts = new MultipartBodyBuilder();
		parts.part("amount", "10");
		this.client.post()
			.uri("/charges")
			.body(BodyInserters.fromMultipartData(parts.build()))
			.retrieve()
			.toBodilessEntity()
			.block(PATIENCE);
		assertThat(this.provider.requests().get(0).body()).contains("name=\"amount\"").contains("10");
		assertThat(this.provider.keys().get(0)).hasSize(22);
	}

	@Test
	void blockingAndReactiveClientsOfOneNameHaveTheSameKeys() {
		operation();
		charge("a").block(PATIENCE);
		String key = this.provider.keys().get(0);
		assertThat(IdempotencyContext.current().orElseThrow().childKey("payments\nPOST\n/charges\n0")).isEqualTo(key);
	}

	/** Subscribed to where only Reactor's context knows of the operation. */
	@Test
	void operationThatReactorCarriesIsFound() {
		IdempotencyContext context = new IdempotencyContext("transfer", "digest", () -> 1);
		Mono.defer(() -> charge("a"))
			.subscribeOn(Schedulers.parallel())
			.contextWrite((view) -> view.put(IdempotencyContext.KEY, context))
			.block(PATIENCE);
		assertThat(this.provider.keys()).containsExactly(context.childKey("payments\nPOST\n/charges\n0"));
	}

	@Test
	void callThatIsKeptAndUsedByAnotherOperationIsThatOnesCall() {
		Mono<String> kept = charge("a");
		kept.block(PATIENCE);
		kept.block(PATIENCE);
		operation();
		kept.block(PATIENCE);
		IdempotencyContext.exchange(new IdempotencyContext("transfer", "another digest", () -> 1));
		kept.block(PATIENCE);
		assertThat(this.provider.keys()).hasSize(4).doesNotHaveDuplicates();
	}

	@Test
	void callThatTookTooLongKeepsItsKey() {
		operation();
		Mono<String> tooLong = charge("slow").timeout(Duration.ofMillis(300));
		assertThatExceptionOfType(RuntimeException.class).isThrownBy(() -> tooLong.block(PATIENCE))
			.withCauseInstanceOf(TimeoutException.class);
		this.provider.open();
		charge("slow").block(PATIENCE);
		assertThat(this.provider.bookings()).containsExactly("slow");
	}

	@Test
	void stepMayBeAnAttributeOfTheRequest() {
		operation();
		for (int i = 0; i < 2; i++) {
			this.client.post()
				.uri("/charges")
				.attribute(OutgoingKeys.STEP_ATTRIBUTE, "one")
				.retrieve()
				.toBodilessEntity()
				.block(PATIENCE);
		}
		assertThat(this.provider.keys().get(1)).isEqualTo(this.provider.keys().get(0));
	}

}
