package io.idempotency.engine;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

import io.idempotency.Fingerprint;
import io.idempotency.IdempotencyContext;
import io.idempotency.IdempotentOperation;
import io.idempotency.InProgress;
import io.idempotency.LeaseLostException;
import io.idempotency.OnStoreFailure;
import io.idempotency.Recovery;
import io.idempotency.StoreUnavailableException;
import io.idempotency.observation.IdempotencyMetrics;
import io.idempotency.store.FencingNumberSource;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.memory.InMemoryIdempotencyStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What executions tell of themselves. */
class ContextTests {

	private final InMemoryIdempotencyStore store = new InMemoryIdempotencyStore(1_000_000);

	private final LeaseKeeper keeper = new LeaseKeeper();

	@AfterEach
	void close() {
		this.keeper.close();
	}

	@Test
	void secondRunAfterACrashHasTheSameChildKeys() {
		// each engine is a process of its own, and the first one dies
		IdempotencyContext first = context(engine(Map.of()));
		IdempotencyContext second = context(engineOnAnotherStore());
		assertThat(second.childKey("charge")).isEqualTo(first.childKey("charge"));
		assertThat(second.keyDigest()).isEqualTo(first.keyDigest());
		assertThat(first.operation()).isEqualTo("transfer");
	}

	@Test
	void otherKeysScopesAndOperationsHaveOtherChildKeys() {
		IdempotencyEngine engine = engine(Map.of());
		String child = context(engine).childKey("charge");
		assertThat(begin(engine, "transfer", "scope", "other").childKey("charge")).isNotEqualTo(child);
		assertThat(begin(engine, "transfer", "other", "caller's key").childKey("charge")).isNotEqualTo(child);
		assertThat(begin(engine, "other", "scope", "caller's key").childKey("charge")).isNotEqualTo(child);
		assertThat(child).doesNotContain("caller");
	}

	@Test
	void laterOwnersHaveLargerNumbersAndOneRunHasOne() {
		IdempotencyEngine engine = engine(Map.of("memory", this.store));
		Execution first = execution(engine, "transfer", "scope", "key");
		IdempotencyContext earlier = Objects.requireNonNull(first.context());
		long number = earlier.fencingNumber();
		first.release();
		assertThat(earlier.fencingNumber()).isEqualTo(number);
		assertThat(begin(engine, "transfer", "scope", "key").fencingNumber()).isGreaterThan(number);
	}

	@Test
	void ownerThatLostItsClaimGetsNoNumber() {
		IdempotencyEngine engine = engine(Map.of("memory", this.store));
		Execution execution = execution(engine, "transfer", "scope", "key");
		execution.release();
		assertThatExceptionOfType(LeaseLostException.class)
			.isThrownBy(() -> Objects.requireNonNull(execution.context()).fencingNumber())
			.satisfies((ex) -> assertThat(ex.getOperation()).isEqualTo("transfer"));
	}

	@Test
	void storeThatCannotTellIsUnavailable() {
		FencingNumberSource silent = (claim) -> {
			throw new IdempotencyStoreException("silent", null);
		};
		assertThatExceptionOfType(StoreUnavailableException.class)
			.isThrownBy(() -> context(engine(Map.of("memory", silent))).fencingNumber());
	}

	@Test
	void storeWithoutNumbersSaysSo() {
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> context(engine(Map.of())).fencingNumber())
			.withMessageContaining("'memory'")
			.withMessageContaining(FencingNumberSource.class.getName());
	}

	@Test
	void runThatIsUnprotectedHasNoContext() {
		assertThat(engine(Map.of()).unprotected(operation("transfer")).context()).isNull();
	}

	private IdempotencyContext context(IdempotencyEngine engine) {
		return begin(engine, "transfer", "scope", "caller's key");
	}

	private IdempotencyContext begin(IdempotencyEngine engine, String operation, String scope, String key) {
		return Objects.requireNonNull(execution(engine, operation, scope, key).context());
	}

	private Execution execution(IdempotencyEngine engine, String operation, String scope, String key) {
		return (Execution) engine.begin(new IdempotentCall(operation(operation), scope, key, new Fingerprint(1, 2)));
	}

	private static IdempotentOperation operation(String name) {
		return new IdempotentOperation(name, Duration.ofHours(1), Duration.ofMinutes(1), InProgress.REJECT,
				Duration.ofSeconds(1), Recovery.RERUN, OnStoreFailure.REJECT, false, "memory");
	}

	private IdempotencyEngine engine(Map<String, FencingNumberSource> numbers) {
		return engine(this.store, numbers);
	}

	private IdempotencyEngine engineOnAnotherStore() {
		return engine(new InMemoryIdempotencyStore(1_000_000), Map.of());
	}

	private IdempotencyEngine engine(InMemoryIdempotencyStore records, Map<String, FencingNumberSource> numbers) {
		return new IdempotencyEngine(new Stores(Map.of("memory", records), Map.of(), Map.of(), numbers), 1000,
				this.keeper, new IdempotencyMetrics(new SimpleMeterRegistry()), null);
	}

}
