package io.idempotency.store.jdbc;

import java.util.concurrent.Semaphore;

/**
 * Stops the thread of a request at the point that its caller has asked for, says so, and
 * never goes on: whoever reads it kills the process.
 */
final class CrashTrigger {

	/** How a line begins that says where a request stands. */
	static final String REACHED = "reached";

	private static final ThreadLocal<CrashTrigger> armed = new ThreadLocal<>();

	private final CrashPoint point;

	private final String key;

	private String payment = "-";

	private CrashTrigger(CrashPoint point, String key) {
		this.point = point;
		this.key = key;
	}

	/** Lets this thread stop there. */
	static void arm(CrashPoint point, String key) {
		armed.set(new CrashTrigger(point, key));
	}

	static void disarm() {
		armed.remove();
	}

	/** The handler made a payment. */
	static void paid(String payment) {
		CrashTrigger trigger = armed.get();
		if (trigger != null) {
			trigger.payment = payment;
		}
	}

	/** The thread is at a point, at which it stays if that is the one. */
	static void reach(CrashPoint point) {
		CrashTrigger trigger = armed.get();
		if (trigger != null && trigger.point == point) {
			System.out.println(String.join(" ", REACHED, point.name(), trigger.key, trigger.payment));
			System.out.flush();
			new Semaphore(0).acquireUninterruptibly();
		}
	}

}
