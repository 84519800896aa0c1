package io.idempotency.messaging;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.idempotency.OperationInProgressException;
import io.idempotency.StoreUnavailableException;
import io.idempotency.TooManyKeysException;
import io.idempotency.IdempotencyTemplate.Work;
import org.jspecify.annotations.Nullable;

/**
 * Lets a container wait a moment before it hears that a message has to come again later:
 * some deliver it again at once, and as often as it takes.
 */
final class RefusalPause {

	private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);

	private RefusalPause() {
	}

	static <X extends Throwable> @Nullable Object around(Work<?, X> work) throws X {
		try {
			return work.run();
		}
		catch (OperationInProgressException | StoreUnavailableException | TooManyKeysException ex) {
			LockSupport.parkNanos(PAUSE);
			throw ex;
		}
	}

}
