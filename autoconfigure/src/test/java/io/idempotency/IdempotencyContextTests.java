package io.idempotency;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** What a running operation knows of itself, and how it gets to other threads. */
class IdempotencyContextTests {

	private final AtomicLong asked = new AtomicLong();

	private final IdempotencyContext context = new IdempotencyContext("POST /payments", "uA3Rk0nR4cD9aTz1x_-Q2w",
			this.asked::incrementAndGet);

	@AfterEach
	void nothingIsLeftBehind() {
		assertThat(IdempotencyContext.current()).isEmpty();
	}

	/** Providers remember these keys, so they are the same in every version. */
	@Test
	void childKeysNeverChange() {
		assertThat(this.context.childKey("charge")).isEqualTo("XCQx85Ri-Xwt1JPilhL3Lw");
		assertThat(this.context.childKey("größer \u20ac")).isEqualTo("cKVBcM_Jkl_9qQ_UeXAo5Q");
	}

	@Test
	void childKeysFitIntoAHeaderAndDiffer() {
		String first = this.context.childKey("charge");
		assertThat(first).matches("[A-Za-z0-9_-]{22}").isNotEqualTo(this.context.childKey("charge "));
		assertThat(new IdempotencyContext("POST /payments", "uA3Rk0nR4cD9aTz1x_-Q2x", () -> 1).childKey("charge"))
			.isNotEqualTo(first);
		assertThat(this.context.part().childKey("charge")).isEqualTo(first);
		assertThat(this.context.childKey("x".repeat(10_000))).hasSize(22);
	}

	@Test
	void childKeyNeedsAStep() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.context.childKey(" "));
	}

	@Test
	void fencingNumberIsAskedForOnceByARunAndItsParts() {
		assertThat(this.context.part().fencingNumber()).isEqualTo(1);
		assertThat(this.context.fencingNumber()).isEqualTo(1);
		assertThat(this.context.part().fencingNumber()).isEqualTo(1);
		assertThat(this.asked).hasValue(1);
	}

	@Test
	void numberThatCouldNotBeHadIsAskedForAgain() {
		AtomicLong calls = new AtomicLong();
		IdempotencyContext failing = new IdempotencyContext("a", "b", () -> {
			if (calls.incrementAndGet() == 1) {
				throw new LeaseLostException("a");
			}
			return 7;
		});
		assertThatExceptionOfType(LeaseLostException.class).isThrownBy(failing::fencingNumber);
		assertThat(failing.fencingNumber()).isEqualTo(7);
	}

	@Test
	void wrappedTasksHaveTheContextAndLeaveTheThreadAsItWas() throws Exception {
		ExecutorService pool = Executors.newSingleThreadExecutor();
		try {
			Callable<IdempotencyContext> look = () -> IdempotencyContext.current().orElse(null);
			Callable<IdempotencyContext> nothing = IdempotencyContext.wrap(look);
			IdempotencyContext.exchange(this.context);
			Callable<IdempotencyContext> wrapped = IdempotencyContext.wrap(look);
			Runnable failing = IdempotencyContext.wrap((Runnable) () -> {
				throw new IllegalStateException("with " + IdempotencyContext.current().orElseThrow().operation());
			});
			assertThat(nothing.call()).isNull();
			assertThat(IdempotencyContext.current()).containsSame(this.context);
			assertThat(IdempotencyContext.exchange(null)).isSameAs(this.context);
			assertThat(pool.submit(wrapped).get(10, TimeUnit.SECONDS)).isSameAs(this.context);
			assertThat(pool.submit(failing)).failsWithin(10, TimeUnit.SECONDS)
				.withThrowableThat()
				.withMessageContaining("with POST /payments");
			assertThat(pool.submit(look).get(10, TimeUnit.SECONDS)).isNull();
		}
		finally {
			pool.shutdownNow();
		}
	}

	@Test
	void attachmentsAreThoseOfOneRunOrPart() {
		AtomicLong first = this.context.attachment(AtomicLong.class, AtomicLong::new);
		assertThat(this.context.attachment(AtomicLong.class, AtomicLong::new)).isSameAs(first);
		assertThat(this.context.part().attachment(AtomicLong.class, AtomicLong::new)).isNotSameAs(first);
	}

	@Test
	void namesNothingOfACaller() {
		assertThat(this.context).hasToString("IdempotencyContext[POST /payments, record uA3Rk0nR4cD9aTz1x_-Q2w]");
	}

}
