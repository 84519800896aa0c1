package io.idempotency.actuate;

import java.util.EnumSet;
import java.util.Set;

import io.idempotency.store.RecordState;

/** What an operator may do to a record. */
public enum RecordAction {

	/** Look at it. */
	LOOK(EnumSet.noneOf(RecordState.class)),

	/** Free the key of a call of unknown outcome: the next call runs the method. */
	RELEASE(EnumSet.of(RecordState.UNKNOWN)),

	/** Forget what a call did: the next call with its key runs the method. */
	FORGET(EnumSet.of(RecordState.UNKNOWN, RecordState.COMPLETED, RecordState.NOT_KEPT));

	@SuppressWarnings("ImmutableEnumChecker") // never changed
	private final Set<RecordState> states;

	RecordAction(Set<RecordState> states) {
		this.states = states;
	}

	/** What a record has to be for it to be removed. */
	Set<RecordState> states() {
		return this.states;
	}

}
