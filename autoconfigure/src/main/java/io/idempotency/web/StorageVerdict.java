package io.idempotency.web;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletResponse;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpHeaders;

/**
 * Whether the response of one exchange is stored: its status says so, or the
 * application's policy.
 */
final class StorageVerdict {

	private static final Log logger = LogFactory.getLog(StorageVerdict.class);

	private final StatusPolicy statuses;

	private final @Nullable ResponseStoragePolicy policy;

	private String operation = "";

	private @Nullable Throwable exception;

	StorageVerdict(StatusPolicy statuses, @Nullable ResponseStoragePolicy policy) {
		this.statuses = statuses;
		this.policy = policy;
	}

	/** The operation that makes the response. */
	void of(String newOperation) {
		this.operation = newOperation;
		this.exception = null;
	}

	/** The handler threw an exception. */
	void threw(@Nullable Exception ex) {
		// what Spring MVC packs an error in is not what the handler threw
		this.exception = (ex instanceof ServletException && ex.getCause() instanceof Error error) ? error : ex;
	}

	/**
	 * The verdict on a whole response.
	 * @param returned whether the method returned and its value could not be rendered:
	 * the key stays taken then, and nobody is asked
	 */
	boolean isStored(CapturingResponse response, boolean returned) {
		int status = response.finalStatus();
		boolean byStatus = this.statuses.isStored(status);
		if (this.policy == null || returned) {
			return byStatus;
		}
		try {
			return this.policy
				.isStored(new FinishedResponse(this.operation, status, headers(response), this.exception, byStatus));
		}
		catch (Throwable ex) {
			// the method has run: no failure of ours, an error included, may leave its
			// claim unsettled
			logger.error(
					"The ResponseStoragePolicy failed on a response of " + this.operation + ", so its status decides",
					ex);
			return byStatus;
		}
	}

	private static HttpHeaders headers(HttpServletResponse response) {
		HttpHeaders headers = new HttpHeaders();
		for (String name : response.getHeaderNames()) {
			response.getHeaders(name).forEach((value) -> headers.add(name, value));
		}
		String contentType = response.getContentType();
		if (contentType != null) {
			// containers do not list it among the headers
			headers.set(HttpHeaders.CONTENT_TYPE, contentType);
		}
		return HttpHeaders.readOnlyHttpHeaders(headers);
	}

}
