package io.idempotency.openapi;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import io.idempotency.IdempotentOperation;
import io.idempotency.Recovery;
import io.idempotency.aop.MethodOperation;

/** Which refusals an operation can answer with. */
final class PossibleRefusals {

	private final boolean newKeysLimited;

	private final Predicate<IdempotentOperation> transactional;

	PossibleRefusals(boolean newKeysLimited, Predicate<IdempotentOperation> transactional) {
		this.newKeysLimited = newKeysLimited;
		this.transactional = transactional;
	}

	/** By status. */
	Map<String, List<Refusal>> of(MethodOperation handler) {
		Set<Refusal> impossible = EnumSet.noneOf(Refusal.class);
		IdempotentOperation operation = handler.operation();
		exclude(impossible, Refusal.KEY_MISSING, !operation.required());
		exclude(impossible, Refusal.KEY_MALFORMED, handler.key() != null);
		exclude(impossible, Refusal.OUTCOME_UNKNOWN, operation.recovery() != Recovery.HOLD);
		exclude(impossible, Refusal.TOO_MANY_KEYS, !this.newKeysLimited);
		exclude(impossible, Refusal.COMMIT_FAILED, !this.transactional.test(operation));
		return Arrays.stream(Refusal.values())
			.filter((refusal) -> !impossible.contains(refusal))
			.collect(Collectors.groupingBy(Refusal::status, TreeMap::new, Collectors.toList()));
	}

	private static void exclude(Set<Refusal> impossible, Refusal refusal, boolean condition) {
		if (condition) {
			impossible.add(refusal);
		}
	}

}
