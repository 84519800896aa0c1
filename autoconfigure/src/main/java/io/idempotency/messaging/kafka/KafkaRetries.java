package io.idempotency.messaging.kafka;

import io.idempotency.KeyMalformedException;
import io.idempotency.KeyMissingException;
import io.idempotency.OperationInProgressException;
import io.idempotency.OutcomeUnknownException;
import io.idempotency.PayloadMismatchException;
import io.idempotency.ResponseNotKeptException;
import io.idempotency.StoreUnavailableException;
import io.idempotency.TooManyKeysException;
import org.jspecify.annotations.Nullable;

import org.springframework.kafka.listener.FailedRecordProcessor;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.FixedBackOff;

/**
 * What an error handler of Spring Kafka has to know of refusals. Containers without an
 * error handler of the application's are given one that does; an application applies it
 * to its own.
 */
public final class KafkaRetries {

	private static final long PAUSE_MILLIS = 1000;

	private KafkaRetries() {
	}

	/**
	 * Lets a record that has to come again come again until it is done, with a pause of a
	 * second; sends one that never will be done to the recoverer at once. Whatever else a
	 * listener throws is left to the handler's own settings. Takes the place of a
	 * back-off function that was set before.
	 * @param handler a {@code DefaultErrorHandler} or
	 * {@code DefaultAfterRollbackProcessor}
	 * @return the same
	 */
	@SuppressWarnings("unchecked") // an array of classes
	public static <H extends FailedRecordProcessor> H apply(H handler) {
		handler.addNotRetryableExceptions(PayloadMismatchException.class, KeyMalformedException.class,
				KeyMissingException.class, OutcomeUnknownException.class, ResponseNotKeptException.class);
		handler.setBackOffFunction((record, ex) -> isForLater(ex) ? unlimited() : null);
		return handler;
	}

	private static boolean isForLater(@Nullable Throwable failure) {
		for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
			if (cause instanceof OperationInProgressException || cause instanceof StoreUnavailableException
					|| cause instanceof TooManyKeysException) {
				return true;
			}
		}
		return false;
	}

	private static BackOff unlimited() {
		return new FixedBackOff(PAUSE_MILLIS, FixedBackOff.UNLIMITED_ATTEMPTS);
	}

}
