package io.idempotency.torture;

import java.util.ArrayList;
import java.util.List;

/** When which node could not renew its leases. For all threads. */
final class Absences {

	private final List<Absence> all = new ArrayList<>();

	/** A node dies or is cut off, for good so far as is known. */
	synchronized Absence begin(String node) {
		Absence absence = new Absence(node, System.nanoTime(), Absence.NEVER);
		this.all.add(absence);
		return absence;
	}

	/** It is back, with the claims that it had. */
	synchronized void end(Absence absence) {
		this.all.remove(absence);
		this.all.add(new Absence(absence.node(), absence.from(), System.nanoTime()));
	}

	synchronized List<Absence> all() {
		return List.copyOf(this.all);
	}

}
