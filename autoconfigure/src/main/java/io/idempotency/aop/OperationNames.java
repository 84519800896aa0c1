package io.idempotency.aop;

import java.util.Set;

/** Where a door gives its operations other names than their annotations do. */
public interface OperationNames {

	/** The names of an operation; none if it is not this door's. */
	Set<String> of(MethodOperation operation);

}
