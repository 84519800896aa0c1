package io.idempotency.observation;

import java.util.Locale;

import io.micrometer.common.docs.KeyName;
import io.micrometer.observation.docs.ObservationDocumentation;

/** All observations of the library. Tracers make a span of each. */
public enum IdempotencyObservation implements ObservationDocumentation {

	/**
	 * Every call of an idempotent operation, from its arrival to its answer. Current
	 * while the method runs.
	 */
	OPERATION;

	@Override
	public String getName() {
		return IdempotencyMeter.OPERATIONS.getName();
	}

	@Override
	public String getContextualName() {
		return "idempotent %s";
	}

	@Override
	public KeyName[] getLowCardinalityKeyNames() {
		return IdempotencyMeter.OPERATIONS.getKeyNames();
	}

	@Override
	public KeyName[] getHighCardinalityKeyNames() {
		return HighCardinalityKey.values();
	}

	/** What has as many values as there are calls, so it is in spans and in no meter. */
	public enum HighCardinalityKey implements KeyName {

		/**
		 * Digest of operation, scope and key, as it stands in logs and in the store's
		 * key.
		 */
		RECORD;

		private final String key = name().toLowerCase(Locale.ROOT);

		@Override
		public String asString() {
			return this.key;
		}

	}

}
