package io.idempotency.store;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Rule 21: an owner is told from all others by its token. */
class OwnerTokenTests {

	private static final int THREADS = 20;

	private static final int TOKENS = 20_000;

	@Test
	void noTokenComesTwiceWhicheverThreadAsks() throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(THREADS);
		try {
			List<Future<List<OwnerToken>>> parts = IntStream.range(0, THREADS)
				.mapToObj((thread) -> threads.submit(OwnerTokenTests::tokens))
				.toList();
			Set<OwnerToken> all = new HashSet<>();
			for (Future<List<OwnerToken>> part : parts) {
				all.addAll(part.get());
			}
			assertThat(all).hasSize(THREADS * TOKENS);
		}
		finally {
			threads.shutdownNow();
		}
	}

	private static List<OwnerToken> tokens() {
		List<OwnerToken> tokens = new ArrayList<>();
		for (int i = 0; i < TOKENS; i++) {
			tokens.add(OwnerToken.next());
		}
		return tokens;
	}

}
