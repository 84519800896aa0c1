package io.idempotency.client;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Gives the requests of one client their keys. A request that comes by again, because an
 * interceptor before this one repeats it, keeps its key.
 */
final class OutgoingKeyInterceptor implements ClientHttpRequestInterceptor {

	private final OutgoingClient client;

	private final String attribute;

	OutgoingKeyInterceptor(OutgoingClient client) {
		this.client = client;
		this.attribute = KeyedRequest.class.getName() + "." + client.name();
	}

	@Override
	public ClientHttpResponse intercept(HttpRequest request, byte[] body, ClientHttpRequestExecution execution)
			throws IOException {
		KeyedRequest keyed = this.client.methods().contains(request.getMethod()) ? keyed(request, body) : null;
		if (keyed == null) {
			return execution.execute(request, body);
		}
		request.getHeaders().set(this.client.header(), this.client.value(keyed.key()));
		ClientHttpResponse response;
		keyed.sent();
		try {
			response = execution.execute(request, body);
			keyed.answered(response.getStatusCode());
		}
		catch (IOException | RuntimeException | Error ex) {
			keyed.failed();
			throw ex;
		}
		return (keyed.entry() != null) ? new WatchedResponse(response, keyed) : response;
	}

	private @Nullable KeyedRequest keyed(HttpRequest request, byte[] body) {
		if (request.getAttributes().get(this.attribute) instanceof KeyedRequest keyed) {
			return keyed;
		}
		if (request.getHeaders().containsHeader(this.client.header())) {
			return null;
		}
		KeyedRequest keyed = KeyedRequest.of(CallScope.current(),
				(String) request.getAttributes().get(OutgoingKeys.STEP_ATTRIBUTE),
				KeyedRequest.place(this.client, request.getMethod(), request.getURI()), body);
		request.getAttributes().put(this.attribute, keyed);
		return keyed;
	}

}
