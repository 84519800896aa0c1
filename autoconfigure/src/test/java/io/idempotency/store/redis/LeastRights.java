package io.idempotency.store.redis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

import io.idempotency.testsupport.RedisProcess;

/** A user that may do what the store does, and nothing else. */
final class LeastRights {

	/** What the driver sends for records. */
	static final List<String> SENT = List.of("set", "getex", "evalsha", "eval");

	/** What scripts do to records. */
	static final List<String> CALLED = List.of("getrange", "setrange", "psetex", "pexpire", "pttl", "del");

	/** All that the store needs, with what counts the new keys of a caller. */
	static final List<String> STORE = Stream.of(SENT, CALLED, List.of("incr")).flatMap(List::stream).toList();

	/**
	 * What the driver needs in a Cluster besides: who serves a slot, and one that moves.
	 */
	static final String[] CLUSTER = { "cluster|nodes", "asking" };

	private static final String PASSWORD = "secret";

	private LeastRights() {
	}

	/** All that the store needs, and these. */
	static List<String> with(String... further) {
		return Stream.concat(STORE.stream(), Stream.of(further)).toList();
	}

	/** Gives a running server this user, with no other rights than these. */
	static void grant(RedisProcess redis, Collection<String> commands) {
		String rule = "ACL SETUSER app reset " + String.join(" ", rules(commands));
		String reply = redis.send(rule);
		if (!reply.startsWith("+OK")) {
			throw new IllegalStateException(rule + ": " + reply);
		}
	}

	/** Adds this user to the settings of a server, so that it outlives a restart. */
	static String[] settings(String[] settings, Collection<String> commands) {
		return Stream.of(List.of(settings), List.of("--user", "app"), rules(commands))
			.flatMap(List::stream)
			.toArray(String[]::new);
	}

	private static List<String> rules(Collection<String> commands) {
		List<String> rules = new ArrayList<>(List.of("on", ">" + PASSWORD, "~idempotency:*"));
		commands.forEach((command) -> rules.add("+" + command));
		return rules;
	}

	static void revoke(RedisProcess redis, String command) {
		redis.send("ACL SETUSER app -" + command);
	}

	/** With what an application becomes this user. */
	static String[] credentials() {
		return new String[] { "spring.data.redis.username=app", "spring.data.redis.password=" + PASSWORD };
	}

}
