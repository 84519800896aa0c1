package io.idempotency.engine;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import io.idempotency.Fingerprint;
import io.idempotency.IdempotentOperation;
import io.idempotency.InProgress;
import io.idempotency.OnStoreFailure;
import io.idempotency.OperationInProgressException;
import io.idempotency.Recovery;
import io.idempotency.StoreUnavailableException;
import io.idempotency.StoredResult;
import io.idempotency.observation.IdempotencyMetrics;
import io.idempotency.observation.OperationContext;
import io.idempotency.testsupport.FlakyStore;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** What is said of calls while they run and when they have ended. */
class ObservedCallTests {

	private static final StoredResult RESULT = StoredResult.of(new byte[] { 1 });

	private final FlakyStore store = new FlakyStore();

	private final LeaseKeeper keeper = new LeaseKeeper();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final ObservationRegistry observations = ObservationRegistry.create();

	private final Recorder recorder = new Recorder();

	private final IdempotencyEngine engine = new IdempotencyEngine(Stores.of(Map.of("flaky", this.store)), 1000,
			this.keeper, new IdempotencyMetrics(this.meters, this.observations), null);

	ObservedCallTests() {
		this.observations.observationConfig().observationHandler(this.recorder);
	}

	@AfterEach
	void close() {
		this.keeper.close();
	}

	@Test
	void callsInFlightAreThoseWhoseMethodRuns() {
		assertThat(inFlight()).isZero();
		Execution first = begin("a");
		Execution second = begin("b");
		assertThat(inFlight()).isEqualTo(2);
		assertThatExceptionOfType(OperationInProgressException.class).isThrownBy(() -> begin("a"));
		assertThat(inFlight()).isEqualTo(2);
		first.complete(RESULT);
		first.complete(RESULT);
		second.fail();
		assertThat(inFlight()).isZero();
		replay("a");
		this.engine.unprotected(operation("flaky")).complete(RESULT);
		assertThat(inFlight()).isZero();
	}

	@Test
	void callWhoseResultIsStoredLaterIsNotInFlight() {
		Execution execution = begin("a");
		this.store.completeFails = true;
		execution.complete(RESULT);
		assertThat(inFlight()).isZero();
	}

	@Test
	void callThatWasRefusedIsNotInFlight() {
		this.store.claimFails = true;
		assertThatExceptionOfType(StoreUnavailableException.class).isThrownBy(() -> begin("a"));
		assertThat(inFlight()).isZero();
		assertThat(this.recorder.stopped).singleElement().satisfies((context) -> {
			assertThat(outcome(context)).isEqualTo("store_unavailable");
			assertThat(context.getError()).isNull();
		});
	}

	@Test
	void callIsObservedFromItsArrivalToItsSettlement() {
		Execution execution = begin("a");
		assertThat(this.recorder.started).singleElement().satisfies((context) -> {
			assertThat(context.operation()).isEqualTo("transfer");
			assertThat(context.getName()).isEqualTo("idempotency.operations");
			assertThat(context.getContextualName()).isEqualTo("idempotent transfer");
		});
		assertThat(this.recorder.stopped).isEmpty();
		CompletableFuture.runAsync(() -> execution.complete(RESULT)).join();
		execution.fail();
		assertThat(this.recorder.stopped).singleElement().satisfies((context) -> {
			assertThat(outcome(context)).isEqualTo("executed");
			assertThat(context.getLowCardinalityKeyValues()).hasSize(2);
			assertThat(context.getHighCardinalityKeyValues()).singleElement()
				.satisfies((record) -> assertThat(record.getValue()).isEqualTo(execution.record()));
		});
	}

	@Test
	void observationIsTheCurrentOneOfThreadsThatRunTheMethod() {
		Observation around = Observation.start("around", this.observations);
		try (Observation.Scope scope = around.openScope()) {
			assertThat(scope).isNotNull();
			Execution execution = begin("a");
			assertThat(this.observations.getCurrentObservation()).isSameAs(around);
			MethodScope running = execution.enter();
			assertThat(current()).isInstanceOf(OperationContext.class);
			Observation elsewhere = CompletableFuture.supplyAsync(() -> {
				MethodScope part = execution.enter();
				Observation.ContextView there = current();
				part.close();
				assertThat(there).isInstanceOf(OperationContext.class);
				return this.observations.getCurrentObservation();
			}).join();
			assertThat(elsewhere).isNull();
			running.close();
			assertThat(this.observations.getCurrentObservation()).isSameAs(around);
			execution.complete(RESULT);
		}
	}

	@Test
	void whatIsThrownIsKnownByItsTypeOnly() {
		Execution execution = begin("a");
		execution.threw(new IllegalArgumentException("secret", new IllegalStateException("secret")));
		execution.fail();
		Throwable error = Objects.requireNonNull(this.recorder.stopped.get(0).getError());
		assertThat(error).hasMessage(IllegalArgumentException.class.getName()).hasNoCause();
		assertThat(error.getStackTrace()).isEmpty();
	}

	@Test
	void callThatCannotBeMadeEndsItsObservation() {
		IdempotentCall call = new IdempotentCall(operation("unknown"), "scope", "a", new Fingerprint(1, 2));
		assertThatIllegalStateException().isThrownBy(() -> this.engine.begin(call));
		assertThat(this.recorder.stopped).singleElement()
			.satisfies((context) -> assertThat(context.getError()).hasMessage(IllegalStateException.class.getName()));
		assertThat(this.meters.find("idempotency.operations").timers()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "start,false", "open,false", "error,false", "close,false", "stop,false", "start,true", "open,true",
			"error,true", "close,true", "stop,true" })
	void whoeverFailsToObserveChangesNothing(String step, boolean gravely) {
		this.observations.observationConfig().observationHandler(new Failing(step, gravely));
		Execution execution = begin("a");
		MethodScope scope = execution.enter();
		execution.threw(new IllegalArgumentException());
		scope.close();
		assertThat(this.observations.getCurrentObservation()).isNull();
		execution.complete(RESULT);
		replay("a");
		assertThat(inFlight()).isZero();
		assertThat(this.meters.get("idempotency.operations").timers()).hasSize(2);
	}

	@Test
	void whoeverFailsToMeasureChangesNothing() {
		this.meters.config().meterFilter(new MeterFilter() {

			@Override
			public Meter.Id map(Meter.Id id) {
				if (id.getName().equals("idempotency.operations")) {
					throw new IllegalStateException("made to fail");
				}
				return id;
			}

		});
		begin("a").complete(RESULT);
		replay("a");
		assertThat(inFlight()).isZero();
		assertThat(this.recorder.stopped).hasSize(2);
	}

	@Test
	void observationThatNobodyWantsIsNotMade() {
		this.observations.observationConfig().observationPredicate((name, context) -> false);
		Execution execution = begin("a");
		assertThat(execution.enter()).isSameAs(MethodScope.UNOBSERVED);
		execution.complete(RESULT);
		assertThat(this.recorder.started).isEmpty();
		assertThat(this.meters.get("idempotency.operations").timers()).hasSize(1);
	}

	private Observation.ContextView current() {
		return Objects.requireNonNull(this.observations.getCurrentObservation()).getContextView();
	}

	private static String outcome(Observation.Context context) {
		return Objects.requireNonNull(context.getLowCardinalityKeyValue("outcome")).getValue();
	}

	private double inFlight() {
		return this.meters.get("idempotency.in.flight").gauge().value();
	}

	private Execution begin(String key) {
		return (Execution) this.engine
			.begin(new IdempotentCall(operation("flaky"), "scope", key, new Fingerprint(1, 2)));
	}

	private void replay(String key) {
		Replay replay = (Replay) this.engine
			.begin(new IdempotentCall(operation("flaky"), "scope", key, new Fingerprint(1, 2)));
		assertThat(replay.<StoredResult>read((result) -> result)).isEqualTo(RESULT);
	}

	private static IdempotentOperation operation(String store) {
		return new IdempotentOperation("transfer", Duration.ofHours(1), Duration.ofMinutes(1), InProgress.REJECT,
				Duration.ofSeconds(1), Recovery.RERUN, OnStoreFailure.REJECT, false, store);
	}

	/** Writes down what was observed. */
	private static final class Recorder implements ObservationHandler<OperationContext> {

		private final List<OperationContext> started = new CopyOnWriteArrayList<>();

		private final List<OperationContext> stopped = new CopyOnWriteArrayList<>();

		@Override
		public void onStart(OperationContext context) {
			this.started.add(context);
		}

		@Override
		public void onStop(OperationContext context) {
			this.stopped.add(context);
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return context instanceof OperationContext;
		}

	}

	/** Fails at one step. */
	private static final class Failing implements ObservationHandler<Observation.Context> {

		private final String step;

		private final boolean gravely;

		Failing(String step, boolean gravely) {
			this.step = step;
			this.gravely = gravely;
		}

		private void at(String present) {
			if (this.step.equals(present) && this.gravely) {
				throw new NoSuchMethodError("missing at " + present);
			}
			if (this.step.equals(present)) {
				throw new IllegalStateException("failed at " + present);
			}
		}

		@Override
		public void onStart(Observation.Context context) {
			at("start");
		}

		@Override
		public void onError(Observation.Context context) {
			at("error");
		}

		@Override
		public void onScopeOpened(Observation.Context context) {
			at("open");
		}

		@Override
		public void onScopeClosed(Observation.Context context) {
			at("close");
		}

		@Override
		public void onStop(Observation.Context context) {
			at("stop");
		}

		@Override
		public boolean supportsContext(Observation.Context context) {
			return true;
		}

	}

}
