package io.idempotency.torture;

import java.util.List;

/** What happens to the processes of an application. */
final class ApplicationFaults {

	private ApplicationFaults() {
	}

	static List<Fault> all() {
		return List.of(Fault.of("none", (world) -> Threads.pause(500)),
				Fault.of("application killed (-9) and started again", ApplicationFaults::kill),
				Fault.of("application ended (SIGTERM) and started again", ApplicationFaults::restart),
				Fault.of("application frozen for less than its lease", (world) -> freeze(world, 1200)),
				Fault.of("application frozen for longer than its lease",
						(world) -> freeze(world, World.LEASE.toMillis() + 1500)),
				Fault.of("clock of one application three hours off, and back", new ClockShift()));
	}

	private static void kill(World world) {
		ApplicationNode node = world.nodes().get(world.nextNode());
		node.kill();
		Threads.pause(300);
		node.start();
	}

	private static void restart(World world) {
		ApplicationNode node = world.nodes().get(world.nextNode());
		node.terminate();
		node.start();
	}

	private static void freeze(World world, long millis) {
		ApplicationNode node = world.nodes().get(world.nextNode());
		node.freeze();
		Threads.pause(millis);
		node.thaw();
	}

}
