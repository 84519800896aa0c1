package io.idempotency.propagation;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.idempotency.IdempotencyContext;
import io.micrometer.context.ContextSnapshot;
import io.micrometer.context.ContextSnapshotFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import static org.assertj.core.api.Assertions.assertThat;

/** Found by Micrometer, and by Reactor through it. */
class IdempotencyContextAccessorTests {

	private final IdempotencyContext context = new IdempotencyContext("transfer", "digest", () -> 1);

	@AfterEach
	void clear() {
		IdempotencyContext.exchange(null);
	}

	@Test
	void snapshotCarriesTheContextAndLeavesThreadsAsTheyWere() throws Exception {
		ExecutorService pool = Executors.newSingleThreadExecutor();
		try {
			IdempotencyContext.exchange(this.context);
			ContextSnapshot snapshot = ContextSnapshotFactory.builder().build().captureAll();
			IdempotencyContext.exchange(null);
			assertThat(pool.submit(snapshot.wrap(() -> IdempotencyContext.current().orElse(null)))
				.get(10, TimeUnit.SECONDS)).isSameAs(this.context);
			assertThat(pool.submit(() -> IdempotencyContext.current().orElse(null)).get(10, TimeUnit.SECONDS)).isNull();
			IdempotencyContext other = new IdempotencyContext("other", "digest", () -> 1);
			IdempotencyContext.exchange(other);
			assertThat(snapshot.wrap(() -> IdempotencyContext.current().orElse(null)).call()).isSameAs(this.context);
			assertThat(IdempotencyContext.current()).containsSame(other);
		}
		finally {
			pool.shutdownNow();
		}
	}

	@Test
	void reactorCaptures() {
		IdempotencyContext.exchange(this.context);
		assertThat(Mono.deferContextual((view) -> Mono.just(view.get(IdempotencyContext.KEY))).contextCapture().block())
			.isSameAs(this.context);
	}

}
