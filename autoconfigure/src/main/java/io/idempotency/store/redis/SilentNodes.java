package io.idempotency.store.redis;

import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.lettuce.core.RedisCommandTimeoutException;

/**
 * Servers that have left a command without an answer. Such a one is asked a question, and
 * as long as that is without an answer too, no caller has to wait for it: it may be
 * frozen, or on the other side of a network that drops everything. The answer comes as
 * soon as the server is back, over this connection or one that takes its place.
 */
final class SilentNodes {

	private final Set<String> nodes = ConcurrentHashMap.newKeySet();

	/** Whether there is one; asked before each command. */
	boolean isEmpty() {
		return this.nodes.isEmpty();
	}

	boolean contains(String node) {
		return this.nodes.contains(node);
	}

	void add(String node, Supplier<? extends CompletionStage<?>> question) {
		if (!this.nodes.add(node)) {
			return;
		}
		ask(node, question);
	}

	private void ask(String node, Supplier<? extends CompletionStage<?>> question) {
		try {
			var unused = question.get().whenComplete((answer, failure) -> {
				if (failure instanceof RedisCommandTimeoutException) {
					// the driver's own patience is no answer
					ask(node, question);
				}
				else {
					this.nodes.remove(node);
				}
			});
		}
		catch (RuntimeException ex) {
			// closed meanwhile: there is nothing left to be asked
			this.nodes.remove(node);
		}
	}

}
