package io.idempotency.sample.testsupport;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;

import com.jayway.jsonpath.JsonPath;

/** What came back over the wire. */
public record Answer(HttpResponse<byte[]> response) {

	public int status() {
		return this.response.statusCode();
	}

	public boolean isSuccess() {
		return status() / 100 == 2;
	}

	public byte[] bytes() {
		return this.response.body();
	}

	public String text() {
		return new String(bytes(), StandardCharsets.UTF_8);
	}

	public String header(String name) {
		return this.response.headers().firstValue(name).orElse(null);
	}

	public boolean isReplay() {
		return "true".equals(header("Idempotent-Replayed"));
	}

	public <T> T json(String path) {
		return JsonPath.read(text(), path);
	}

	/** The last word of a problem's type, if this is a problem of the library. */
	public String problem() {
		if (!"application/problem+json".equals(header("Content-Type"))) {
			return "no problem but " + status() + ": " + text();
		}
		String type = json("$.type");
		return type.substring(type.lastIndexOf(':') + 1);
	}

	@Override
	public String toString() {
		return status() + " " + this.response.headers().map() + " " + text();
	}

}
