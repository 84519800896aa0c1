package io.idempotency.aop;

import java.lang.reflect.Method;
import java.time.Duration;

import io.idempotency.Idempotent;
import io.idempotency.InProgress;
import io.idempotency.InvalidIdempotencyConfigurationException;
import io.idempotency.OnStoreFailure;
import io.idempotency.Recovery;
import org.junit.jupiter.api.Test;

import org.springframework.util.ReflectionUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What becomes of a call whose store fails: annotation, property, and recovery. */
class StoreFailureOperationTests {

	@Test
	void annotationComesBeforeTheProperty() {
		assertThat(of("plain", Recovery.RERUN, OnStoreFailure.REJECT)).isEqualTo(OnStoreFailure.REJECT);
		assertThat(of("plain", Recovery.RERUN, OnStoreFailure.PROCEED)).isEqualTo(OnStoreFailure.PROCEED);
		assertThat(of("proceeding", Recovery.RERUN, OnStoreFailure.REJECT)).isEqualTo(OnStoreFailure.PROCEED);
		assertThat(of("refused", Recovery.RERUN, OnStoreFailure.PROCEED)).isEqualTo(OnStoreFailure.REJECT);
	}

	@Test
	void heldOperationNeverRunsUnprotected() {
		assertThat(of("held", Recovery.RERUN, OnStoreFailure.PROCEED)).isEqualTo(OnStoreFailure.REJECT);
		assertThat(of("plain", Recovery.HOLD, OnStoreFailure.PROCEED)).isEqualTo(OnStoreFailure.REJECT);
		assertThatExceptionOfType(InvalidIdempotencyConfigurationException.class)
			.isThrownBy(() -> of("proceeding", Recovery.HOLD, OnStoreFailure.REJECT));
	}

	private static OnStoreFailure of(String name, Recovery recovery, OnStoreFailure onStoreFailure) {
		OperationDefaults defaults = new OperationDefaults(Duration.ofHours(1), Duration.ofSeconds(30),
				Duration.ofSeconds(2), InProgress.REJECT, Duration.ofSeconds(5), recovery, onStoreFailure, "memory");
		Method method = ReflectionUtils.findMethod(Payments.class, name, String.class);
		return new IdempotentOperationSource(defaults, (text) -> text, (context, bean) -> bean)
			.find(method, Payments.class)
			.operation()
			.onStoreFailure();
	}

	static class Payments {

		@Idempotent(key = "#order")
		public void plain(String order) {
		}

		@Idempotent(key = "#order", onStoreFailure = OnStoreFailure.PROCEED)
		public void proceeding(String order) {
		}

		@Idempotent(key = "#order", onStoreFailure = OnStoreFailure.REJECT)
		public void refused(String order) {
		}

		@Idempotent(key = "#order", recovery = Recovery.HOLD)
		public void held(String order) {
		}

	}

}
