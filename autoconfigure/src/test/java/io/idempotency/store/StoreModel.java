package io.idempotency.store;

import java.time.Duration;

import io.idempotency.Fingerprint;
import io.idempotency.StoredResult;

/**
 * One record as the Javadoc of {@link IdempotencyStore} has it, in as few words as there
 * are, for one caller at a time. All times are nanoseconds of one clock.
 */
final class StoreModel {

	private enum State {

		ABSENT, PENDING, ABANDONED, COMPLETED

	}

	private State state = State.ABSENT;

	private Claim claim;

	private Fingerprint fingerprint;

	private StoredResult result;

	private long leaseEnd;

	private long end;

	ClaimOutcome claim(Claim asked, long now) {
		expire(now);
		if (this.state == State.ABSENT) {
			pend(asked, now);
			return ClaimOutcome.Acquired.INSTANCE;
		}
		if (this.state == State.COMPLETED) {
			return new ClaimOutcome.Completed(this.fingerprint, this.result);
		}
		if (isPendingOf(asked)) {
			return ClaimOutcome.Acquired.INSTANCE;
		}
		return (this.state == State.ABANDONED || now >= this.leaseEnd) ? new ClaimOutcome.Unknown(this.fingerprint)
				: new ClaimOutcome.Pending(this.fingerprint);
	}

	boolean renew(Claim asked, long now) {
		expire(now);
		if (!isPendingOf(asked)) {
			return false;
		}
		pend(asked, now);
		return true;
	}

	boolean complete(Claim asked, StoredResult newResult, Duration retention, long now) {
		expire(now);
		if (this.state == State.ABSENT || (isOf(asked) && this.state != State.COMPLETED)) {
			this.state = State.COMPLETED;
			this.claim = asked;
			this.fingerprint = asked.fingerprint();
			this.result = newResult;
			this.end = now + retention.toNanos();
			return true;
		}
		return isOf(asked);
	}

	boolean release(Claim asked, long now) {
		expire(now);
		if (!isPendingOf(asked)) {
			return false;
		}
		this.state = State.ABSENT;
		return true;
	}

	boolean abandon(Claim asked, long now) {
		expire(now);
		if (!isPendingOf(asked)) {
			return false;
		}
		this.state = asked.isHeld() ? State.ABANDONED : State.ABSENT;
		this.end = now + asked.hold().toNanos();
		return true;
	}

	/**
	 * Whether something ends about now, so that a clock that is read twice may differ.
	 */
	boolean endsAbout(long now, long margin) {
		boolean lease = this.state == State.PENDING && Math.abs(now - this.leaseEnd) < margin;
		return lease || (this.state != State.ABSENT && Math.abs(now - this.end) < margin);
	}

	private void pend(Claim owner, long now) {
		this.state = State.PENDING;
		this.claim = owner;
		this.fingerprint = owner.fingerprint();
		this.leaseEnd = now + owner.lease().toNanos();
		this.end = this.leaseEnd + owner.hold().toNanos();
	}

	private void expire(long now) {
		if (now >= this.end) {
			this.state = State.ABSENT;
		}
	}

	private boolean isPendingOf(Claim asked) {
		return this.state == State.PENDING && isOf(asked);
	}

	private boolean isOf(Claim asked) {
		return this.claim.owner().equals(asked.owner());
	}

	@Override
	public String toString() {
		return this.state.toString();
	}

}
