package io.idempotency.store;

import java.time.Duration;

import io.idempotency.store.FaultyStore.Fault;
import io.idempotency.testsupport.MutableTicker;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

/** The contract itself is tested: a correct store passes, and no broken one does. */
class IdempotencyStoreContractTests {

	private static Fault fault = Fault.NONE;

	@ParameterizedTest
	@EnumSource(Fault.class)
	void contractPassesACorrectStoreAndNoOther(Fault candidate) {
		fault = candidate;
		EngineExecutionResults results = EngineTestKit.engine("junit-jupiter")
			.selectors(selectClass(Subject.class))
			.execute();
		long failures = results.testEvents().failed().count();
		if (candidate == Fault.NONE) {
			assertThat(results.testEvents().started().count()).as("tests of the contract").isGreaterThan(25);
			assertThat(failures).as("failures of the correct store").isZero();
		}
		else {
			assertThat(failures).as("failures of " + candidate).isPositive();
		}
	}

	/** Run by the test kit only. */
	@Tag("subject")
	@ExtendWith(EndAtFirstFailure.class)
	static class Subject extends IdempotencyStoreContract {

		private final MutableTicker ticker = new MutableTicker();

		private final IdempotencyStore store = new FaultyStore(fault, this.ticker);

		@Override
		protected IdempotencyStore store() {
			return this.store;
		}

		@Override
		protected void elapse(Duration time) {
			this.ticker.advance(time);
		}

	}

	/** One failure is enough to know a broken store. */
	static final class EndAtFirstFailure implements ExecutionCondition, TestWatcher {

		private static final ExtensionContext.Namespace OURS = ExtensionContext.Namespace
			.create(EndAtFirstFailure.class);

		@Override
		public void testFailed(ExtensionContext context, Throwable cause) {
			context.getRoot().getStore(OURS).put("failed", true);
		}

		@Override
		public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
			return (context.getRoot().getStore(OURS).get("failed") != null)
					? ConditionEvaluationResult.disabled("It has failed already")
					: ConditionEvaluationResult.enabled("So far it is correct");
		}

	}

}
