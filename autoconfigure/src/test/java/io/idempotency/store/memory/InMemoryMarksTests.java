package io.idempotency.store.memory;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

import io.idempotency.store.HighWaterMarkStore;
import io.idempotency.store.HighWaterMarkStoreContract;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.StreamKey;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Marks in memory: the contract, and the bound. */
class InMemoryMarksTests extends HighWaterMarkStoreContract {

	private final InMemoryIdempotencyStore store = new InMemoryIdempotencyStore(8 * 1024 * 1024);

	@Override
	protected HighWaterMarkStore marks() {
		return this.store;
	}

	@Test
	void fullStoreRefusesAnotherStreamBeforeItsFirstPositionAndDropsNone() {
		InMemoryIdempotencyStore small = new InMemoryIdempotencyStore(10 * 256);
		List<StreamKey> kept = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			StreamKey stream = stream();
			assertThat(small.read(stream)).isEmpty();
			assertThat(small.advance(stream, OptionalLong.empty(), i)).isTrue();
			kept.add(stream);
		}
		StreamKey another = stream();
		assertThatExceptionOfType(IdempotencyStoreException.class).isThrownBy(() -> small.read(another))
			.withMessageContaining("full");
		assertThatExceptionOfType(IdempotencyStoreException.class)
			.isThrownBy(() -> small.advance(another, OptionalLong.empty(), 1));
		for (int i = 0; i < 10; i++) {
			assertThat(small.read(kept.get(i))).hasValue(i);
			assertThat(small.advance(kept.get(i), OptionalLong.of(i), 100)).isTrue();
		}
	}

	@Test
	void marksTakeTheSameRoomHoweverOftenTheyAdvance() {
		StreamKey stream = stream();
		this.store.advance(stream, OptionalLong.empty(), 0);
		long bytes = this.store.sizeInBytes();
		for (int i = 0; i < 10_000; i++) {
			this.store.read(stream);
			assertThat(this.store.advance(stream, OptionalLong.of(i), i + 1)).isTrue();
			this.store.advance(stream, OptionalLong.empty(), i);
		}
		assertThat(this.store.sizeInBytes()).isEqualTo(bytes);
	}

}
