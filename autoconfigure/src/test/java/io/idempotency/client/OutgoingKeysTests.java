package io.idempotency.client;

import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import io.idempotency.IdempotencyContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.client.support.RestClientAdapter;
import org.springframework.web.service.annotation.PostExchange;
import org.springframework.web.service.invoker.HttpServiceProxyFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** Keys of requests of blocking clients, as a provider sees them. */
class OutgoingKeysTests {

	private final FakeProvider provider = new FakeProvider();

	private final OutgoingKeys keys = new OutgoingKeys();

	private final RestClient client = client(this.keys.interceptor("payments"));

	private RestClient client(ClientHttpRequestInterceptor... interceptors) {
		// without retries of its own
		return RestClient.builder()
			.requestFactory(new JdkClientHttpRequestFactory(
					HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()))
			.baseUrl(this.provider.url())
			.requestInterceptors((all) -> all.addAll(List.of(interceptors)))
			.build();
	}

	@AfterEach
	void close() {
		this.provider.close();
		assertThat(IdempotencyContext.current()).isEmpty();
		assertThat(CallScope.current()).isNull();
	}

	private void charge(String body) {
		post("/charges", body);
	}

	private void post(String path, String body) {
		this.client.post().uri(path).body(body).retrieve().toBodilessEntity();
	}

	private void tryToCharge(String body) {
		assertThatExceptionOfType(RestClientException.class).isThrownBy(() -> charge(body));
	}

	/** Runs something as an operation that was called with a key. */
	private static void operation(String key, Runnable work) {
		IdempotencyContext former = IdempotencyContext.exchange(new IdempotencyContext("transfer", key, () -> 1));
		try {
			work.run();
		}
		finally {
			IdempotencyContext.exchange(former);
		}
	}

	private List<String> keysOf(Runnable work) {
		int before = this.provider.keys().size();
		work.run();
		return new ArrayList<>(this.provider.keys().subList(before, this.provider.keys().size()));
	}

	private List<String> keysOfOperation(Runnable work) {
		return keysOf(() -> operation("digest", work));
	}

	@Test
	void whatChangesSomethingGetsAKeyAndTheRestDoesNot() {
		charge("a");
		this.client.patch().uri("/charges/1").body("a").retrieve().toBodilessEntity();
		this.client.put().uri("/charges/1").body("a").retrieve().toBodilessEntity();
		this.client.delete().uri("/charges/1").retrieve().toBodilessEntity();
		this.client.get().uri("/charges/1").retrieve().toBodilessEntity();
		List<String> sent = this.provider.keys();
		assertThat(sent.subList(0, 2)).doesNotHaveDuplicates().allMatch((key) -> key.matches("[A-Za-z0-9_-]{22}"));
		assertThat(sent.subList(2, 5)).containsOnlyNulls();
	}

	@Test
	void headerThatIsThereStays() {
		this.client.post().uri("/charges").header("Idempotency-Key", "mine").body("a").retrieve().toBodilessEntity();
		assertThat(this.provider.keys()).containsExactly("mine");
	}

	@Test
	void headerQuotesAndMethodsAreChosen() {
		try (FakeProvider other = new FakeProvider("Request-Id")) {
			RestTemplate template = new RestTemplate();
			template.getInterceptors()
				.add(this.keys.interceptor(OutgoingClient.named("other")
					.withHeader("Request-Id")
					.withQuotedKeys()
					.withMethods(HttpMethod.PUT)));
			template.put(other.url() + "/charges/1", "a");
			template.postForLocation(other.url() + "/charges", "a");
			assertThat(other.keys().get(0)).matches("\"[A-Za-z0-9_-]{22}\"");
			assertThat(other.keys().get(1)).isNull();
		}
		assertThatIllegalArgumentException().isThrownBy(() -> this.keys.interceptor(" "));
	}

	@Test
	void interfaceClientsHaveKeysToo() {
		Charges charges = HttpServiceProxyFactory.builderFor(RestClientAdapter.create(this.client))
			.build()
			.createClient(Charges.class);
		assertThat(keysOfOperation(() -> charges.charge("a"))).isEqualTo(keysOfOperation(() -> charge("a")));
	}

	interface Charges {

		@PostExchange("/charges")
		void charge(@RequestBody String body);

	}

	/** Providers remember these keys, so they are the same in every version. */
	@Test
	void keysOfAnOperationNeverChange() {
		assertThat(keysOfOperation(() -> {
			charge("a");
			post("/charges?to=b", "a");
			OutgoingKeys.step("notify", () -> {
				charge("a");
				return null;
			});
		})).containsExactly("Awfxi8NMns1UlTlIXhCcVA", "F-z74w5r-TiAED7ep_itOA", "yf7cEvrXf3RozxZ6bbzcvw");
	}

	@Test
	void secondRunSendsTheKeysOfTheFirst() {
		Runnable work = () -> {
			charge("a");
			charge("a");
			charge("b");
			post("/notices", "a");
		};
		List<String> first = keysOfOperation(work);
		assertThat(first).doesNotHaveDuplicates();
		assertThat(keysOfOperation(work)).isEqualTo(first);
		assertThat(keysOf(() -> operation("of another key", work))).doesNotContainAnyElementsOf(first);
		assertThat(this.provider.bookings()).hasSize(8);
	}

	@Test
	void crashOfTheFirstRunAnywhereDoesNotMatter() {
		this.provider.answers(201, FakeProvider.HANG_UP);
		operation("digest", () -> {
			charge("a");
			tryToCharge("b");
		});
		operation("digest", () -> {
			charge("a");
			charge("b");
			charge("c");
		});
		assertThat(this.provider.bookings()).containsExactlyInAnyOrder("a", "b", "c");
	}

	@ParameterizedTest
	@ValueSource(ints = { FakeProvider.HANG_UP, 401, 403, 408, 409, 421, 423, 425, 429, 500, 503 })
	void retryByHandKeepsItsKeyAfter(int failure) {
		this.provider.answers(failure, 201, 201);
		List<String> sent = keysOfOperation(() -> {
			tryToCharge("a");
			charge("a");
			charge("a");
		});
		assertThat(sent.get(1)).isEqualTo(sent.get(0));
		assertThat(sent.get(2)).isNotEqualTo(sent.get(0));
	}

	@Test
	void answerThatBreaksOffIsNone() {
		this.provider.answers(FakeProvider.BREAK_OFF);
		List<String> sent = keysOfOperation(() -> {
			assertThatExceptionOfType(RestClientException.class)
				.isThrownBy(() -> this.client.post().uri("/charges").body("a").retrieve().body(String.class));
			charge("a");
		});
		assertThat(sent.get(1)).isEqualTo(sent.get(0));
		assertThat(this.provider.bookings()).containsExactly("a");
	}

	@ParameterizedTest
	@ValueSource(ints = { 400, 402, 404, 410, 422 })
	void answerThatIsFinalEndsTheCallAlsoIfItIs(int status) {
		this.provider.answers(status);
		List<String> sent = keysOfOperation(() -> {
			tryToCharge("a");
			charge("a");
		});
		assertThat(sent).doesNotHaveDuplicates();
	}

	@Test
	void failedCallThatIsGivenUpLeavesItsKeyToNoOther() {
		this.provider.answers(503);
		List<String> sent = keysOfOperation(() -> {
			tryToCharge("a");
			charge("b");
			charge("c");
		});
		assertThat(sent).doesNotHaveDuplicates();
		List<String> second = keysOfOperation(() -> {
			charge("a");
			charge("b");
			charge("c");
		});
		assertThat(second).isEqualTo(sent);
	}

	@Test
	void serverMayMoveBetweenTwoRuns() {
		List<String> first = keysOfOperation(() -> charge("a"));
		try (FakeProvider moved = new FakeProvider()) {
			operation("digest",
					() -> this.client.post().uri(moved.url() + "/charges").body("a").retrieve().toBodilessEntity());
			assertThat(moved.keys()).isEqualTo(first);
		}
	}

	@Test
	void stepsHaveKeysOfTheirOwnInWhateverOrder() {
		List<String> first = keysOfOperation(() -> {
			step("one");
			step("two");
			charge("a");
		});
		assertThat(first).doesNotHaveDuplicates();
		assertThat(keysOfOperation(() -> {
			charge("a");
			step("two");
			step("one");
			step("one");
		})).containsExactly(first.get(2), first.get(1), first.get(0), first.get(0));
	}

	private void step(String name) {
		OutgoingKeys.step(name, () -> {
			charge("a");
			return null;
		});
	}

	@Test
	void stepMayBeAnAttributeOfTheRequest() {
		Runnable named = () -> this.client.post()
			.uri("/charges")
			.attribute(OutgoingKeys.STEP_ATTRIBUTE, "one")
			.body("a")
			.retrieve()
			.toBodilessEntity();
		List<String> sent = keysOfOperation(() -> {
			named.run();
			named.run();
		});
		assertThat(sent.get(0)).isEqualTo(sent.get(1));
		assertThat(keysOfOperation(() -> step("one"))).containsExactly(sent.get(0));
	}

	@Test
	void callsInParallelHaveAKeyEachAndStepsTheSameAgain() {
		ExecutorService pool = Executors.newFixedThreadPool(4);
		try {
			Runnable work = () -> {
				List<CompletableFuture<Void>> all = new ArrayList<>();
				for (int i = 0; i < 8; i++) {
					String name = "step " + i;
					all.add(CompletableFuture.runAsync(IdempotencyContext.wrap(() -> {
						charge("a");
						step(name);
					}), pool));
				}
				all.forEach(CompletableFuture::join);
			};
			List<String> first = keysOfOperation(work);
			assertThat(first).hasSize(16).doesNotHaveDuplicates();
			assertThat(keysOfOperation(work)).containsExactlyInAnyOrderElementsOf(first);
		}
		finally {
			pool.shutdownNow();
		}
	}

	@Test
	void outsideOfOperationsEachRequestIsACall() {
		this.provider.answers(503);
		List<String> sent = keysOf(() -> {
			tryToCharge("a");
			charge("a");
		});
		assertThat(sent).doesNotHaveDuplicates();
	}

	@Test
	void oneCallHasOneKeyWhateverRetriesIt() {
		this.provider.answers(FakeProvider.HANG_UP, 503);
		List<String> sent = keysOf(() -> OutgoingKeys.run(() -> {
			tryToCharge("a");
			tryToCharge("a at another time");
			charge("a");
			post("/notices", "a");
		}));
		assertThat(sent.subList(0, 3)).containsOnly(sent.get(0));
		assertThat(sent.get(3)).isNotEqualTo(sent.get(0));
		assertThat(keysOf(() -> OutgoingKeys.run(() -> charge("a")))).doesNotContainAnyElementsOf(sent);
	}

	@Test
	void callsWithinAnOperationAreCountedWithItsOthers() {
		Runnable work = () -> {
			charge("a");
			OutgoingKeys.run(() -> charge("a"));
			OutgoingKeys.run(() -> charge("a"));
			charge("a");
		};
		List<String> first = keysOfOperation(work);
		assertThat(first).doesNotHaveDuplicates();
		assertThat(keysOfOperation(work)).isEqualTo(first);
	}

	@Test
	void retriesAboveAndBelowTheInterceptorKeepTheKey() {
		ClientHttpRequestInterceptor twice = (request, body, execution) -> {
			execution.execute(request, body).close();
			return execution.execute(request, body);
		};
		RestClient above = client(twice, this.keys.interceptor("payments"));
		RestClient below = client(this.keys.interceptor("payments"), twice);
		for (RestClient each : List.of(above, below)) {
			List<String> sent = keysOf(() -> each.post().uri("/charges").body("a").retrieve().toBodilessEntity());
			assertThat(sent).hasSize(2).containsOnly(sent.get(0));
		}
	}

	@Test
	void callThatSucceededAtLastIsOverForTheNext() {
		ClientHttpRequestInterceptor again = (request, body, execution) -> {
			ClientHttpResponse first = execution.execute(request, body);
			return first.getStatusCode().is5xxServerError() ? execution.execute(request, body) : first;
		};
		this.provider.answers(503);
		RestClient above = client(again, this.keys.interceptor("payments"));
		List<String> sent = keysOfOperation(() -> {
			above.post().uri("/charges").body("a").retrieve().toBodilessEntity();
			above.post().uri("/charges").body("a").retrieve().toBodilessEntity();
		});
		assertThat(sent.get(1)).isEqualTo(sent.get(0));
		assertThat(sent.get(2)).isNotEqualTo(sent.get(0));
	}

	@Test
	void clientsOfOtherNamesHaveOtherKeys() {
		RestClient other = client(this.keys.interceptor("other"));
		assertThat(keysOfOperation(() -> other.post().uri("/charges").body("a").retrieve().toBodilessEntity()))
			.doesNotContainAnyElementsOf(keysOfOperation(() -> charge("a")));
	}

	@Test
	void unprotectedRunWithinAnOperationHasNoneOfItsKeys() {
		List<String> own = keysOfOperation(() -> charge("a"));
		List<String> unprotected = keysOfOperation(() -> {
			@Nullable IdempotencyContext former = IdempotencyContext.exchange(null);
			charge("a");
			IdempotencyContext.exchange(former);
			charge("a");
		});
		assertThat(unprotected.get(0)).isNotEqualTo(own.get(0));
		assertThat(unprotected.get(1)).isEqualTo(own.get(0));
	}

	@Test
	void failureOfTheWorkPassesThroughAndLeavesNothingBound() {
		IllegalStateException failure = new IllegalStateException("broken");
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> OutgoingKeys.run(() -> {
			throw failure;
		})).isSameAs(failure);
	}

}
