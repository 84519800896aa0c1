package io.idempotency.store;

import io.idempotency.store.FaultyStore.Fault;
import net.jqwik.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

/**
 * The model itself is tested: a correct store keeps in step with it, and no broken one
 * does, save those that break only for callers at the same time or for another key, which
 * are the contract's to find. Mutations, by transition:
 * <ul>
 * <li>claim: in two steps (for the contract); of a taken key prolongs its lease, reads
 * prolong a result, its own owner is locked out, a lease or a result never ends, the
 * loser's fingerprint is told, keys are compared without case (for the contract)</li>
 * <li>renew: without asking for the owner, without a longer lease, brings back a record
 * that ended, renews an abandoned one</li>
 * <li>complete: without asking for the owner, overwrites what is completed, refuses to be
 * told twice, is lost after the lease, keeps a result for a lease or from the claim on,
 * an empty result is taken for none</li>
 * <li>release: without asking for the owner, of a completed record</li>
 * <li>abandon: without asking for the owner, releases, keeps the lease, may be renewed
 * afterwards, cannot be completed afterwards</li>
 * <li>time: a hold is forgotten, shown as pending, never ends, is taken over, or locks
 * its owner out</li>
 * </ul>
 * By hand, once each, in the scripts of the Redis store: see {@code RedisScript}.
 */
class StoreModelPropertiesTests {

	private static Fault fault = Fault.NONE;

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = { "CLAIM_IN_TWO_STEPS", "KEYS_WITHOUT_CASE" })
	void modelAgreesWithACorrectStoreAndNoOther(Fault candidate) {
		fault = candidate;
		EngineExecutionResults results = EngineTestKit.engine("jqwik")
			.configurationParameter("jqwik.database", "target/jqwik-faults")
			.selectors(selectClass(Subject.class))
			.execute();
		assertThat(results.testEvents().started().count()).as("properties").isEqualTo(1);
		assertThat(results.testEvents().failed().count()).as("failures of " + candidate)
			.isEqualTo((candidate == Fault.NONE) ? 0 : 1);
	}

	/** Run by the test kit only. */
	@Tag("subject")
	static class Subject extends TickingStoreModelProperties {

		private final IdempotencyStore store = new FaultyStore(fault, this.ticker);

		@Override
		protected IdempotencyStore store() {
			return this.store;
		}

	}

}
