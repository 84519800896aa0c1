package io.idempotency.store;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** The identity of a record. */
class RecordKeyTests {

	private static final RecordKey KEY = RecordKey.of("POST /payments", "alice", "key-1");

	@Test
	void sameParametersMakeTheSameKey() {
		RecordKey same = RecordKey.of(new String("POST /payments"), new String("alice"), new String("key-1"));
		assertThat(same).isEqualTo(KEY).hasSameHashCodeAs(KEY);
	}

	@Test
	void everyOtherParameterMakesAnotherKey() {
		Set<RecordKey> keys = new HashSet<>(List.of(KEY));
		keys.add(RecordKey.of("POST /refunds", "alice", "key-1"));
		keys.add(RecordKey.of("POST /payments", "bob", "key-1"));
		keys.add(RecordKey.of("POST /payments", "alice", "key-2"));
		keys.add(RecordKey.of("POST /payments", "alicekey", "-1"));
		keys.add(new RecordKey("POST /refunds", KEY.digest()));
		assertThat(keys).hasSize(6);
	}

	@Test
	void digestOfAnotherLengthIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new RecordKey("POST /payments", "short"))
			.withMessageContaining("22");
	}

}
