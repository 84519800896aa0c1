package io.idempotency.web;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import io.idempotency.RequestTooLargeException;
import org.jspecify.annotations.Nullable;

/** The call whose request is remembered. */
record CapturedCall(String operation, CapturingRequest request, List<@Nullable Object> arguments,
		int maxRequestSize) implements KeyedCall {

	@Override
	public byte[] body() throws IOException {
		String type = String.valueOf(this.request.getContentType()).toLowerCase(Locale.ROOT);
		boolean containers = type.startsWith("application/x-www-form-urlencoded") || type.startsWith("multipart/");
		if (containers && !this.request.isTaken()) {
			throw new IllegalStateException(
					"The body of a form is parameters, and of multipart it is parts: ask the request for those");
		}
		CapturedBody body = this.request.body();
		if (!body.readAhead()) {
			throw new RequestTooLargeException(this.operation, this.maxRequestSize);
		}
		return Arrays.copyOf(body.bytes(), body.length());
	}

	/** Names the operation only. */
	@Override
	public String toString() {
		return "CapturedCall[" + this.operation + "]";
	}

}
