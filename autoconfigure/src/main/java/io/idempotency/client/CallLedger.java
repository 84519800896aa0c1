package io.idempotency.client;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

import io.idempotency.Fingerprint;
import org.jspecify.annotations.Nullable;

/**
 * Which logical call a request belongs to: tells a retry from the next call of the same
 * place. For all threads.
 * <p>
 * A request is a retry if an earlier one of the same place failed and had the same body.
 * Where attempts are marked, the calls of the first one are those of every other: a
 * request belongs to the one that had the same body, or else to the next in order.
 */
final class CallLedger {

	private final @Nullable CallLedger outer;

	private final boolean single;

	private final ReentrantLock lock;

	private final Map<String, List<OutgoingCall>> places = new HashMap<>();

	/** Those that were requested in the present attempt. */
	private final Set<OutgoingCall> used = Collections.newSetFromMap(new IdentityHashMap<>());

	private CallLedger(@Nullable CallLedger outer, boolean single) {
		this.outer = outer;
		this.single = single;
		// one for all that are within each other, so that none waits for another
		this.lock = (outer != null) ? outer.lock : new ReentrantLock();
	}

	/** An empty one. */
	static CallLedger empty() {
		return new CallLedger(null, false);
	}

	/** For a part of the work, which may be attempted several times. */
	CallLedger inner() {
		return new CallLedger(this, false);
	}

	/** For a part of the work that calls each place once. */
	CallLedger innerOfOneCall() {
		return new CallLedger(this, true);
	}

	/** The work begins anew. */
	void attempt() {
		this.lock.lock();
		try {
			this.used.clear();
		}
		finally {
			this.lock.unlock();
		}
	}

	/** One request of a call: which call, and which of its requests. */
	record Entry(OutgoingCall call, int request) {
	}

	/** Finds the call that a request belongs to, and adds the request. */
	Entry request(String place, Fingerprint body) {
		this.lock.lock();
		try {
			OutgoingCall call = find(place, body);
			return new Entry(call, call.request(body));
		}
		finally {
			this.lock.unlock();
		}
	}

	private OutgoingCall find(String place, Fingerprint body) {
		List<OutgoingCall> known = this.places.computeIfAbsent(place, (key) -> new ArrayList<>(1));
		OutgoingCall found = (this.single && !known.isEmpty()) ? known.get(0) : among(known, body);
		if (found == null) {
			found = (this.outer != null) ? this.outer.find(place, body) : new OutgoingCall(known.size());
			known.add(found);
		}
		this.used.add(found);
		return found;
	}

	private @Nullable OutgoingCall among(List<OutgoingCall> known, Fingerprint body) {
		OutgoingCall next = null;
		OutgoingCall same = null;
		for (OutgoingCall call : known) {
			if (this.used.contains(call)) {
				if (call.isRetriedBy(body)) {
					return call;
				}
			}
			else {
				next = (next != null) ? next : call;
				same = (same == null && call.asks(body)) ? call : same;
			}
		}
		return (same != null) ? same : next;
	}

}
