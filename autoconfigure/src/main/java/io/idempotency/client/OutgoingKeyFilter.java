package io.idempotency.client;

import java.util.concurrent.atomic.AtomicBoolean;

import io.idempotency.IdempotencyContext;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.ContextView;

import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.web.reactive.function.BodyInserter;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import org.springframework.web.reactive.function.client.WebClient;

/**
 * Gives the requests of one {@code WebClient} their keys: when the body is written, as a
 * retry is told by its body.
 */
final class OutgoingKeyFilter implements ExchangeFilterFunction {

	private final OutgoingClient client;

	private final String attribute;

	OutgoingKeyFilter(OutgoingClient client) {
		this.client = client;
		this.attribute = AssembledCall.class.getName() + "." + client.name();
	}

	/** A call is being put together. */
	void assemble(WebClient.RequestHeadersSpec<?> call) {
		call.attribute(this.attribute, new AssembledCall(CallScope.current()));
	}

	@Override
	public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
		if (!this.client.methods().contains(request.method())
				|| request.headers().containsHeader(this.client.header())) {
			return next.exchange(request);
		}
		return Mono.deferContextual((view) -> exchange(request, next, subscribedIn(view)));
	}

	/** In the thread's scope, or in that which Reactor's context carries. */
	private static @Nullable CallScope subscribedIn(ContextView view) {
		CallScope current = CallScope.current();
		IdempotencyContext carried = (current == null) ? view.getOrDefault(IdempotencyContext.KEY, null) : null;
		return (carried != null) ? CallScope.of(carried) : current;
	}

	private Mono<ClientResponse> exchange(ClientRequest request, ExchangeFunction next,
			@Nullable CallScope subscribedIn) {
		AssembledCall assembled = (AssembledCall) request.attributes().get(this.attribute);
		AssembledCall call = (assembled != null) ? assembled : new AssembledCall(subscribedIn);
		Exchange exchange = new Exchange(request, call, subscribedIn);
		return next.exchange(exchange.keyed())
			.doOnError((ex) -> exchange.failed())
			.doOnCancel(exchange::failed)
			.map(exchange::answered);
	}

	/** One request and its answer. */
	private final class Exchange {

		private final ClientRequest request;

		private final AssembledCall call;

		private final @Nullable CallScope subscribedIn;

		private volatile @Nullable KeyedRequest sent;

		Exchange(ClientRequest request, AssembledCall call, @Nullable CallScope subscribedIn) {
			this.request = request;
			this.call = call;
			this.subscribedIn = subscribedIn;
		}

		ClientRequest keyed() {
			return ClientRequest.from(this.request).body(this::write).build();
		}

		private Mono<Void> write(ClientHttpRequest output, BodyInserter.Context context) {
			return BufferedBody.of(this.request.body(), output, context).flatMap((bytes) -> {
				OutgoingClient client = OutgoingKeyFilter.this.client;
				String step = (String) this.request.attributes().get(OutgoingKeys.STEP_ATTRIBUTE);
				KeyedRequest keyed = this.call.request(this.subscribedIn, (scope) -> KeyedRequest.of(scope, step,
						KeyedRequest.place(client, this.request.method(), this.request.url()), bytes));
				keyed.sent();
				this.sent = keyed;
				output.getHeaders().set(client.header(), client.value(keyed.key()));
				return (bytes.length == 0) ? output.setComplete()
						: output.writeWith(Mono.fromSupplier(() -> output.bufferFactory().wrap(bytes)));
			});
		}

		void failed() {
			KeyedRequest keyed = this.sent;
			if (keyed != null) {
				keyed.failed();
			}
		}

		ClientResponse answered(ClientResponse response) {
			KeyedRequest keyed = this.sent;
			if (keyed != null) {
				keyed.answered(response.statusCode());
			}
			if (KeyedRequest.isFinal(response.statusCode().value())) {
				this.call.answered();
			}
			// it may still break off, and its caller does not know it then; but a body
			// that
			// is not wanted is cancelled, which some connectors report as an error
			AtomicBoolean cancelled = new AtomicBoolean();
			return response.mutate().body((body) -> body.doOnError((ex) -> {
				if (!cancelled.get()) {
					failed();
				}
			}).doOnCancel(() -> cancelled.set(true))).build();
		}

	}

}
