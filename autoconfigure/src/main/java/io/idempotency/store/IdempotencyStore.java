package io.idempotency.store;

import java.time.Duration;

import io.idempotency.StoredResult;

/**
 * Keeps one record per {@link RecordKey} and changes it in atomic steps. A store never
 * waits for another call, never looks into a result and never compares fingerprints: it
 * only reports what it has.
 *
 * <h2>Atomicity</h2> Each method is one step: of any number of concurrent calls, in this
 * process and in others, the outcome is as if they had come one after the other. Of
 * concurrent claims of an absent record exactly one is {@link ClaimOutcome.Acquired}. A
 * look-up followed by a write is not a claim.
 *
 * <h2>Ownership</h2> A pending record belongs to the {@link OwnerToken} that claimed it.
 * {@link #renew}, {@link #complete}, {@link #release} and {@link #abandon} compare that
 * token in the same step in which they write. A claim that is asked again by the owner of
 * the pending record answers {@link ClaimOutcome.Acquired} and leaves the record as it
 * is: the reply to the first attempt may have been lost, and that must not lock a caller
 * out of its own claim. For the same reason a repeated {@link #complete} of one owner
 * answers {@code true}.
 *
 * <h2>Takeover</h2> A pending record whose lease has ended is absent. Whoever claims it
 * next is its owner, and the former one can change nothing any more: its calls return
 * {@code false} and leave the record as it is. (A store may keep so little of a token in
 * a completed record that it takes, once in a while, a former owner's {@link #complete}
 * with the same fingerprint for one that is told again, and answers {@code true}; it
 * leaves the record as it is then as well.) A former owner that nobody replaced may still
 * {@link #complete}: its method took effect, and an absent record would let the next
 * caller run it again. It may not {@link #renew}, so a late renewal never brings back a
 * record that was released.
 *
 * <h2>Hold</h2> A record that was claimed with a {@link Claim#hold() hold} does not
 * vanish with its lease and is not taken over: it is one of unknown outcome then, for the
 * time of the hold, and {@link ClaimOutcome.Unknown} to all but its owner. Nobody can
 * have taken its owner's place, so an owner that comes back, after a pause say, may still
 * {@link #renew}, {@link #complete} or {@link #release}. {@link #abandon} ends the lease
 * at once and for good: after it only {@link #complete} is left to the owner.
 *
 * <h2>Expiry</h2> A record never outlives its duration: the lease since claim or last
 * renewal while pending, the retention since completion when completed. A step sees a
 * record whose time is over as absent, whether or not it has been removed yet. A hold
 * begins when the lease ends or the record is abandoned. Only durations come in, and the
 * store's own clock judges them, so the clocks of the application's nodes do not matter.
 * A store makes no room by dropping live records; when it is full it fails.
 *
 * <h2>Fingerprint</h2> It is stored with the claim and comes back with
 * {@link ClaimOutcome.Pending}, {@link ClaimOutcome.Unknown} and
 * {@link ClaimOutcome.Completed}, as it was. Comparing is the engine's work.
 *
 * <h2>Bytes</h2> The payload of a result comes back bit by bit, whatever its length, zero
 * included, and {@link StoredResult#notKept()} comes back as that. {@link RecordKey}s are
 * compared with regard to case.
 *
 * <h2>Failure</h2> A store that cannot make a step, or does not know whether it did,
 * throws an {@link IdempotencyStoreException}, within its time budget and never an
 * exception of its driver. An {@link UnreadableRecordException} says that there is a
 * record of a format the store does not know; it is neither absent nor overwritten.
 *
 * <h2>Threads</h2> All methods are called by many threads at once, and may block for as
 * long as the time budget. They are interruptible where they block; interruption is a
 * failure as above, with the thread's interrupt status set.
 *
 * <h2>Proof</h2> A subclass of {@code IdempotencyStoreContract} passes.
 */
public interface IdempotencyStore {

	/**
	 * Makes the caller the owner of an absent record, or tells what is there.
	 * @param claim the wish
	 * @return what was found
	 * @throws IdempotencyStoreException if the store cannot tell; the claim may stand
	 * nevertheless
	 */
	ClaimOutcome claim(Claim claim);

	/**
	 * Lets the caller's pending record last for another lease from now.
	 * @param claim what was claimed
	 * @return {@code false} if the caller has no pending record; nothing changed
	 * @throws IdempotencyStoreException if the store cannot tell
	 */
	boolean renew(Claim claim);

	/**
	 * Replaces the caller's pending record, or an absent one, by its result.
	 * @param claim what was claimed
	 * @param result what to keep
	 * @param retention how long to keep it from now, at least a millisecond
	 * @return {@code false} if the record is somebody else's; nothing changed
	 * @throws IdempotencyStoreException if the store cannot tell
	 */
	boolean complete(Claim claim, StoredResult result, Duration retention);

	/**
	 * Removes the caller's pending record.
	 * @param claim what was claimed
	 * @return {@code false} if the caller has no pending record; nothing changed
	 * @throws IdempotencyStoreException if the store cannot tell
	 */
	boolean release(Claim claim);

	/**
	 * Ends the caller's pending record without a result: with a hold it is one of unknown
	 * outcome from now on, without one it is removed.
	 * @param claim what was claimed
	 * @return {@code false} if the caller has no pending record; nothing changed
	 * @throws IdempotencyStoreException if the store cannot tell
	 */
	boolean abandon(Claim claim);

}
