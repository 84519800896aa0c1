package io.idempotency.messaging.volume;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is sent, in two halves: orders, their duplicates, of which some are in the other
 * half, and poison.
 *
 * @param first half
 * @param second half
 */
record VolumeMessages(List<String> first, List<String> second) {

	/** Begins what fails at every attempt. */
	static final String POISON = "poison";

	/** Begins what fails at its first attempt. */
	static final String FLAKY = "flaky";

	/**
	 * @param count of orders and their duplicates, which are three in ten
	 */
	static VolumeMessages of(int count) {
		List<String> messages = new ArrayList<>();
		int distinct = count * 7 / 10;
		for (int i = 0; i < count; i++) {
			int order = i % distinct;
			messages.add((order % 100 == 0) ? FLAKY + "-" + order : "order-" + order);
		}
		Collections.shuffle(messages, new Random(7));
		int poison = Math.max(2, count / 1000);
		return new VolumeMessages(withPoison(messages.subList(0, count / 2), 0, poison),
				withPoison(messages.subList(count / 2, count), poison, poison));
	}

	/** Poison comes early, so that there are others whom it could delay. */
	private static List<String> withPoison(List<String> messages, int number, int count) {
		List<String> all = new ArrayList<>(messages);
		for (int i = 0; i < count; i++) {
			all.add(messages.size() * (i + 1) / (2 * count + 2), POISON + "-" + (number + i));
		}
		return all;
	}

	/** What has to be in the ledger after these. */
	static Set<String> orders(List<String> messages) {
		return messages.stream().filter((message) -> !isPoison(message)).collect(Collectors.toSet());
	}

	/** What has to be in the dead-letter place after these. */
	static Set<String> poison(List<String> messages) {
		return messages.stream().filter(VolumeMessages::isPoison).collect(Collectors.toSet());
	}

	private static boolean isPoison(String message) {
		return message.startsWith(POISON);
	}

	List<String> all() {
		return Stream.concat(this.first.stream(), this.second.stream()).toList();
	}

	/** How many of the second half repeat one before, in either half. */
	int duplicatesInSecond() {
		Set<String> seen = new HashSet<>(this.first);
		return (int) this.second.stream().filter((message) -> !seen.add(message)).count();
	}

}
