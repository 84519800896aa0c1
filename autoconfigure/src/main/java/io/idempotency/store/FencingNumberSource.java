package io.idempotency.store;

import java.util.OptionalLong;

/**
 * What a store may do in addition to {@link IdempotencyStore} or
 * {@link TransactionalIdempotencyStore}: number the owners of a record, so that whoever
 * was told the number of a later one can refuse an earlier one. Asked only by methods
 * that want one.
 */
public interface FencingNumberSource {

	/**
	 * A number that is larger than every one that an earlier owner of the record was
	 * given, and smaller than every one that a later owner will be. It need not be the
	 * same if it is asked again. The time of the store's clock will do, at the moment at
	 * which it finds that the claim still stands, as no two owners have a record at once:
	 * but it has to be fine enough to be another one for the next owner.
	 * @param claim what was claimed; in a transaction, by the thread that is in it
	 * @return positive; nothing if the caller has no pending record
	 * @throws IdempotencyStoreException if the store cannot tell
	 */
	OptionalLong fencingNumber(Claim claim);

}
