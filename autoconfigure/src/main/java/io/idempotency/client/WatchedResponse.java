package io.idempotency.client;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpResponse;

/** An answer that may still break off: its caller does not know it then. */
final class WatchedResponse implements ClientHttpResponse {

	private final ClientHttpResponse response;

	private final KeyedRequest request;

	WatchedResponse(ClientHttpResponse response, KeyedRequest request) {
		this.response = response;
		this.request = request;
	}

	@Override
	public HttpStatusCode getStatusCode() throws IOException {
		return this.response.getStatusCode();
	}

	@Override
	public String getStatusText() throws IOException {
		return this.response.getStatusText();
	}

	@Override
	public HttpHeaders getHeaders() {
		return this.response.getHeaders();
	}

	@Override
	public InputStream getBody() throws IOException {
		try {
			return new WatchedBody(this.response.getBody());
		}
		catch (IOException ex) {
			this.request.failed();
			throw ex;
		}
	}

	@Override
	public void close() {
		this.response.close();
	}

	private final class WatchedBody extends FilterInputStream {

		WatchedBody(InputStream body) {
			super(body);
		}

		@Override
		public int read() throws IOException {
			try {
				return super.read();
			}
			catch (IOException ex) {
				throw failed(ex);
			}
		}

		@Override
		public int read(byte[] bytes, int offset, int length) throws IOException {
			try {
				return super.read(bytes, offset, length);
			}
			catch (IOException ex) {
				throw failed(ex);
			}
		}

		private IOException failed(IOException ex) {
			WatchedResponse.this.request.failed();
			return ex;
		}

	}

}
