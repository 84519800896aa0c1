package io.idempotency.store.redis;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * What a server tells of itself that matters to records, as far as it lets us know.
 *
 * @param info what {@code INFO} says
 * @param save what {@code CONFIG GET save} says, or {@code null} if that is forbidden
 */
record ServerFacts(Map<String, String> info, @Nullable String save) {

	private static final int OLDEST_MAJOR = 6;

	private static final int OLDEST_MINOR = 2;

	static ServerFacts of(String info, @Nullable String save) {
		Map<String, String> facts = info.lines()
			.map(String::strip)
			.filter((line) -> line.indexOf(':') > 0)
			.collect(Collectors.toMap((line) -> line.substring(0, line.indexOf(':')),
					(line) -> line.substring(line.indexOf(':') + 1), (first, second) -> first));
		return new ServerFacts(facts, save);
	}

	/** What is worth knowing of a server that has nothing to be said against it. */
	Map<String, String> worthKnowing() {
		Map<String, String> worth = new TreeMap<>();
		put(worth, "version", this.info.get("redis_version"));
		put(worth, "maxmemory", this.info.get("maxmemory_human"));
		put(worth, "maxmemory-policy", this.info.get("maxmemory_policy"));
		return worth;
	}

	private static void put(Map<String, String> worth, String name, @Nullable String value) {
		if (value != null) {
			worth.put(name, value);
		}
	}

	/** What may lose records, in words for an operator. */
	List<String> concerns() {
		List<String> concerns = new ArrayList<>();
		String version = this.info.get("redis_version");
		if (version != null && isTooOld(version)) {
			concerns.add("it is of version " + version + ", and " + OLDEST_MAJOR + "." + OLDEST_MINOR
					+ " is the oldest that works");
		}
		String policy = this.info.get("maxmemory_policy");
		String maxmemory = this.info.get("maxmemory");
		if (policy != null && !policy.equals("noeviction") && !"0".equals(maxmemory)) {
			concerns
				.add("its maxmemory-policy is " + policy + ", so that it evicts records when it is full, after which"
						+ " their methods run again: use noeviction");
		}
		if ("0".equals(this.info.get("aof_enabled")) && this.save != null && this.save.isBlank()) {
			concerns.add("it persists nothing, so that a restart loses all records: switch appendonly on");
		}
		return concerns;
	}

	private static boolean isTooOld(String version) {
		String[] parts = version.split("\\.", -1);
		try {
			int major = Integer.parseInt(parts[0]);
			int minor = (parts.length > 1) ? Integer.parseInt(parts[1]) : 0;
			return major < OLDEST_MAJOR || (major == OLDEST_MAJOR && minor < OLDEST_MINOR);
		}
		catch (NumberFormatException ex) {
			return false;
		}
	}

}
