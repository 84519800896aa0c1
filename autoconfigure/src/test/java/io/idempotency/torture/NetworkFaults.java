package io.idempotency.torture;

import java.util.List;

/** What happens between the applications and Redis. */
final class NetworkFaults {

	private NetworkFaults() {
	}

	static List<Fault> all() {
		return List.of(
				Fault.of("one application cut off, then late bytes arrive",
						(world) -> cutOff(List.of(world.networks().get(world.nextNode())), 1000, false)),
				Fault.of("one application cut off, then connections die",
						(world) -> cutOff(List.of(world.networks().get(world.nextNode())), 1000, true)),
				Fault.of("all applications cut off, then late bytes arrive",
						(world) -> cutOff(world.networks(), 1000, false)),
				Fault.of("one application cut off for longer than its lease", NetworkFaults::cutOffForALease)
					.with(Claims.LAPSING),
				Fault.of("replies of Redis lost", NetworkFaults::loseReplies),
				Fault.of("connections reset every 100 ms", NetworkFaults::reset),
				Fault.of("latency of 100 to 300 ms", (world) -> slow(world, 50, 100, 2000)),
				Fault.of("latency above store-timeout", (world) -> slow(world, 300, 500, 1000)));
	}

	private static void cutOff(List<LoopbackProxy> networks, long millis, boolean resets) {
		networks.forEach((network) -> network.weather().hold());
		Threads.pause(millis);
		if (resets) {
			networks.forEach(LoopbackProxy::reset);
		}
		networks.forEach((network) -> network.weather().clear());
	}

	private static void cutOffForALease(World world) {
		int node = world.nextNode();
		Absence absence = world.absences().begin(world.nodes().get(node).name());
		cutOff(List.of(world.networks().get(node)), World.LEASE.toMillis() + 1500, false);
		world.absences().end(absence);
	}

	private static void loseReplies(World world) {
		world.networks().forEach((network) -> network.weather().loseReplies());
		Threads.pause(700);
		// a stream that misses bytes is of no use any more
		world.networks().forEach(LoopbackProxy::reset);
		world.networks().forEach((network) -> network.weather().clear());
	}

	private static void reset(World world) {
		for (int i = 0; i < 10; i++) {
			world.networks().forEach(LoopbackProxy::reset);
			Threads.pause(100);
		}
	}

	private static void slow(World world, int from, int to, long millis) {
		world.networks().forEach((network) -> network.weather().slow(from, to));
		Threads.pause(millis);
		world.networks().forEach((network) -> network.weather().clear());
	}

}
