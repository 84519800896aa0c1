package io.idempotency.client;

import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.http.client.reactive.ClientHttpRequest;
import org.springframework.http.client.reactive.ClientHttpRequestDecorator;
import org.springframework.web.reactive.function.BodyInserter;

/** Keeps what is written to a request, and passes on its headers only. */
final class BufferedBody extends ClientHttpRequestDecorator {

	private volatile byte[] bytes = new byte[0];

	private BufferedBody(ClientHttpRequest request) {
		super(request);
	}

	/** The bytes of a body. */
	static Mono<byte[]> of(BodyInserter<?, ? super ClientHttpRequest> body, ClientHttpRequest request,
			BodyInserter.Context context) {
		BufferedBody buffered = new BufferedBody(request);
		return body.insert(buffered, context).then(Mono.fromSupplier(() -> buffered.bytes));
	}

	@Override
	public Mono<Void> writeWith(Publisher<? extends DataBuffer> body) {
		return DataBufferUtils.join(body).doOnNext((joined) -> {
			byte[] all = new byte[joined.readableByteCount()];
			joined.read(all);
			DataBufferUtils.release(joined);
			this.bytes = all;
		}).then();
	}

	@Override
	public Mono<Void> writeAndFlushWith(Publisher<? extends Publisher<? extends DataBuffer>> body) {
		return writeWith(Flux.from(body).concatMap((part) -> part));
	}

	@Override
	public Mono<Void> setComplete() {
		return Mono.empty();
	}

}
