package io.idempotency.store;

import io.idempotency.store.FaultyMarkStore.Fault;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

/** The contract itself is tested: a correct store passes, and no broken one does. */
class HighWaterMarkStoreContractTests {

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
			assertThat(results.testEvents().started().count()).as("tests of the contract").isGreaterThan(20);
			assertThat(failures).as("failures of the correct store").isZero();
		}
		else {
			assertThat(failures).as("failures of " + candidate).isPositive();
		}
	}

	/** Run by the test kit only. */
	@Tag("subject")
	static class Subject extends HighWaterMarkStoreContract {

		private final HighWaterMarkStore store = new FaultyMarkStore(fault);

		@Override
		protected HighWaterMarkStore marks() {
			return this.store;
		}

	}

}
