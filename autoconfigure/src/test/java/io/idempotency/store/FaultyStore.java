package io.idempotency.store;

import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.idempotency.Fingerprint;
import io.idempotency.StoredResult;
import io.idempotency.testsupport.MutableTicker;

/** The simplest store there is, with one fault of choice. */
public final class FaultyStore implements IdempotencyStore {

	/** How stores go wrong; see the field notes of the contract's sections. */
	public enum Fault {

		NONE, CLAIM_IN_TWO_STEPS, RENEW_WITHOUT_OWNER, RENEW_DOES_NOT_PROLONG, COMPLETE_WITHOUT_OWNER,
		RELEASE_WITHOUT_OWNER, OWNER_LOCKED_OUT, CLAIM_PROLONGS_LEASE, LEASE_NEVER_ENDS, RESULT_NEVER_ENDS,
		RESULT_LIVES_AS_LONG_AS_LEASE, RETENTION_STARTS_AT_CLAIM, RENEW_BRINGS_BACK, LATE_COMPLETION_LOST,
		COMPLETION_OVERWRITES, SECOND_COMPLETION_REFUSED, RELEASE_OF_COMPLETED, FINGERPRINT_OF_LOSER,
		EMPTY_PAYLOAD_IS_NOT_KEPT, KEYS_WITHOUT_CASE, READ_PROLONGS, HOLD_FORGOTTEN, HOLD_SHOWN_AS_PENDING,
		HOLD_NEVER_ENDS, HOLD_TAKEN_OVER, HOLD_LOCKS_OWNER_OUT, ABANDON_WITHOUT_OWNER, ABANDON_RELEASES,
		ABANDON_KEEPS_LEASE, ABANDON_CAN_BE_RENEWED, ABANDON_CANNOT_BE_COMPLETED

	}

	private record Entry(OwnerToken owner, Fingerprint fingerprint, StoredResult result, boolean abandoned,
			long claimedAt, long leaseEnd, long endsAt) {
	}

	private final Map<String, Entry> entries = new ConcurrentHashMap<>(new HashMap<>());

	private final Fault fault;

	private final MutableTicker ticker;

	public FaultyStore(Fault fault, MutableTicker ticker) {
		this.fault = fault;
		this.ticker = ticker;
	}

	@Override
	public ClaimOutcome claim(Claim claim) {
		if (this.fault == Fault.CLAIM_IN_TWO_STEPS) {
			Entry found = find(claim);
			Thread.yield();
			return claim(claim, found);
		}
		synchronized (this) {
			return claim(claim, find(claim));
		}
	}

	private ClaimOutcome claim(Claim claim, Entry found) {
		if (found == null) {
			pend(claim);
			return ClaimOutcome.Acquired.INSTANCE;
		}
		if (found.result() != null) {
			if (this.fault == Fault.READ_PROLONGS) {
				put(claim, found.result(), false, Duration.ZERO, Duration.ofMinutes(1));
			}
			return new ClaimOutcome.Completed(found.fingerprint(), found.result());
		}
		if (found.owner().equals(claim.owner()) && !found.abandoned() && this.fault != Fault.OWNER_LOCKED_OUT) {
			if (this.fault == Fault.CLAIM_PROLONGS_LEASE) {
				pend(claim);
			}
			return ClaimOutcome.Acquired.INSTANCE;
		}
		if (isUnknown(found)) {
			if (this.fault == Fault.HOLD_TAKEN_OVER) {
				pend(claim);
				return ClaimOutcome.Acquired.INSTANCE;
			}
			if (this.fault != Fault.HOLD_SHOWN_AS_PENDING) {
				return new ClaimOutcome.Unknown(found.fingerprint());
			}
		}
		return new ClaimOutcome.Pending(
				(this.fault == Fault.FINGERPRINT_OF_LOSER) ? claim.fingerprint() : found.fingerprint());
	}

	@Override
	public synchronized boolean renew(Claim claim) {
		Entry found = find(claim);
		boolean mine = found != null && found.result() == null
				&& (!found.abandoned() || this.fault == Fault.ABANDON_CAN_BE_RENEWED)
				&& (found.owner().equals(claim.owner()) || this.fault == Fault.RENEW_WITHOUT_OWNER)
				&& !(isUnknown(found) && this.fault == Fault.HOLD_LOCKS_OWNER_OUT);
		if (mine || (found == null && this.fault == Fault.RENEW_BRINGS_BACK)) {
			if (this.fault != Fault.RENEW_DOES_NOT_PROLONG) {
				pend(claim);
			}
			return true;
		}
		return false;
	}

	@Override
	public synchronized boolean complete(Claim claim, StoredResult result, Duration retention) {
		Entry found = find(claim);
		if (found == null && this.fault == Fault.LATE_COMPLETION_LOST) {
			return false;
		}
		if (found != null && this.fault != Fault.COMPLETE_WITHOUT_OWNER) {
			if (found.result() != null && this.fault != Fault.COMPLETION_OVERWRITES) {
				return found.owner().equals(claim.owner()) && this.fault != Fault.SECOND_COMPLETION_REFUSED;
			}
			if (found.result() == null && (!found.owner().equals(claim.owner())
					|| (found.abandoned() && this.fault == Fault.ABANDON_CANNOT_BE_COMPLETED))) {
				return false;
			}
		}
		boolean lost = this.fault == Fault.EMPTY_PAYLOAD_IS_NOT_KEPT && result.size() == 0;
		Duration life = (this.fault == Fault.RESULT_LIVES_AS_LONG_AS_LEASE) ? claim.lease() : retention;
		put(claim, lost ? StoredResult.notKept() : result, false, Duration.ZERO, life);
		if (this.fault == Fault.RETENTION_STARTS_AT_CLAIM && found != null) {
			this.entries.computeIfPresent(name(claim),
					(name, entry) -> new Entry(entry.owner(), entry.fingerprint(), entry.result(), false,
							entry.claimedAt(), entry.leaseEnd(), found.claimedAt() + retention.toNanos()));
		}
		return true;
	}

	@Override
	public synchronized boolean release(Claim claim) {
		Entry found = find(claim);
		if (found == null || found.abandoned() || (found.result() != null && this.fault != Fault.RELEASE_OF_COMPLETED)
				|| (!found.owner().equals(claim.owner()) && this.fault != Fault.RELEASE_WITHOUT_OWNER)) {
			return false;
		}
		return this.entries.remove(name(claim)) != null;
	}

	@Override
	public synchronized boolean abandon(Claim claim) {
		if (!claim.isHeld() || this.fault == Fault.ABANDON_RELEASES) {
			return release(claim);
		}
		Entry found = find(claim);
		if (found == null || found.result() != null || found.abandoned()
				|| (!found.owner().equals(claim.owner()) && this.fault != Fault.ABANDON_WITHOUT_OWNER)) {
			return false;
		}
		put(claim, null, true, (this.fault == Fault.ABANDON_KEEPS_LEASE) ? claim.lease() : Duration.ZERO, claim.hold());
		return true;
	}

	private boolean isUnknown(Entry entry) {
		return entry.result() == null && entry.leaseEnd() <= this.ticker.read();
	}

	private Entry find(Claim claim) {
		Entry entry = this.entries.get(name(claim));
		if (entry == null || entry.endsAt() > this.ticker.read()) {
			return entry;
		}
		boolean kept = (entry.result() != null) ? this.fault == Fault.RESULT_NEVER_ENDS
				: this.fault == Fault.LEASE_NEVER_ENDS
						|| (this.fault == Fault.HOLD_NEVER_ENDS && entry.endsAt() > entry.leaseEnd());
		return kept ? entry : null;
	}

	private void pend(Claim claim) {
		Duration hold = (this.fault == Fault.HOLD_FORGOTTEN) ? Duration.ZERO : claim.hold();
		put(claim, null, false, claim.lease(), claim.lease().plus(hold));
	}

	private void put(Claim claim, StoredResult result, boolean abandoned, Duration lease, Duration life) {
		long now = this.ticker.read();
		this.entries.put(name(claim), new Entry(claim.owner(), claim.fingerprint(), result, abandoned, now,
				now + lease.toNanos(), now + life.toNanos()));
	}

	private String name(Claim claim) {
		String digest = claim.key().digest();
		return (this.fault == Fault.KEYS_WITHOUT_CASE) ? digest.toLowerCase(Locale.ROOT) : digest;
	}

}
