package io.idempotency.torture;

import java.time.Duration;
import java.util.List;

/**
 * What a history is judged by.
 *
 * @param claims what Redis does with claims
 * @param lease in nanoseconds
 * @param slack how late something may be seen, in nanoseconds
 * @param absences when which node could not renew its leases
 */
record Terms(Claims claims, long lease, long slack, List<Absence> absences) {

	static Terms of(Claims claims, Duration lease, Duration slack, List<Absence> absences) {
		return new Terms(claims, lease.toNanos(), slack.toNanos(), absences);
	}

	/**
	 * Whether the lease of a run had ended by definition when another one began: its node
	 * was away from before it was done until a whole lease after its last renewal. A node
	 * renews after a third of the lease, and looks around every sixth.
	 */
	boolean isLapsed(Run earlier, Run later) {
		return this.absences.stream().anyMatch((absence) -> {
			long lastRenewal = Math.max(earlier.begunAt(), absence.from() - this.lease / 2);
			return absence.node().equals(earlier.node()) && earlier.begunAt() <= absence.from() + this.slack
					&& earlier.effectAt() >= absence.from() - this.slack && absence.length() >= this.lease - this.slack
					&& later.begunAt() >= lastRenewal + this.lease - this.slack;
		});
	}

	/** Whether any node died, or was away for some time, between the two moments. */
	boolean isAnyAway(long from, long to) {
		return this.absences.stream().anyMatch((absence) -> {
			long seen = (absence.to() != Absence.NEVER) ? absence.to() : absence.from();
			return absence.from() <= to && seen >= from - this.slack;
		});
	}

}
