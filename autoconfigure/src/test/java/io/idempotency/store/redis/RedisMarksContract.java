package io.idempotency.store.redis;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalLong;

import io.idempotency.store.HighWaterMarkStore;
import io.idempotency.store.HighWaterMarkStoreContract;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.StreamKey;
import io.idempotency.store.UnreadableRecordException;
import io.idempotency.testsupport.RedisProcess;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** Marks in a real Redis: the contract, and what is Redis' own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RedisMarksContract extends HighWaterMarkStoreContract {

	private RedisProcess redis;

	private ConnectedRedis connected;

	private RedisIdempotencyStore store;

	abstract RedisProcess startRedis();

	@BeforeAll
	void start() {
		this.redis = startRedis();
		this.connected = new ConnectedRedis(this.redis);
		this.store = this.connected.store();
	}

	@AfterAll
	void stop() {
		this.connected.close();
	}

	@Override
	protected HighWaterMarkStore marks() {
		return this.store;
	}

	private static String name(StreamKey stream) {
		return new String(new RedisKeys("idempotency").of(stream), StandardCharsets.US_ASCII);
	}

	@Test
	void positionCostsTwoCommandsAndReplayOne() {
		StreamKey stream = stream();
		assertThat(this.store.advance(stream, this.store.read(stream), 1)).isTrue();
		Map<String, Long> before = this.redis.commandCalls();
		assertThat(this.store.advance(stream, this.store.read(stream), 2)).isTrue();
		// the client sends GETEX and EVALSHA; the script uses the others
		assertThat(this.redis.commandsSince(before))
			.isEqualTo(Map.of("getex", 1L, "evalsha", 1L, "getrange", 1L, "set", 1L));
		before = this.redis.commandCalls();
		assertThat(this.store.read(stream)).hasValue(2);
		assertThat(this.redis.commandsSince(before)).isEqualTo(Map.of("getex", 1L));
	}

	@Test
	void markIsOneKeyOfNineBytesThatDoesNotExpire() {
		StreamKey stream = stream();
		this.store.advance(stream, OptionalLong.empty(), 1);
		this.store.advance(stream, OptionalLong.of(1), Long.MAX_VALUE);
		assertThat(name(stream)).isEqualTo("idempotency:orders:mark:" + stream.digest());
		assertThat(this.redis.send("STRLEN " + name(stream))).startsWith(":9");
		assertThat(this.redis.send("TTL " + name(stream))).startsWith(":-1");
	}

	@Test
	void scriptIsTaughtAgainAfterTheServerForgotIt() {
		StreamKey stream = stream();
		this.store.advance(stream, OptionalLong.empty(), 1);
		this.redis.send("SCRIPT FLUSH");
		assertThat(this.store.advance(stream, OptionalLong.of(1), 2)).isTrue();
	}

	@Test
	void markOfAnotherFormatIsNeitherAbsentNorOverwritten() {
		StreamKey stream = stream();
		this.redis.send("SET " + name(stream) + " 12345");
		assertThatExceptionOfType(UnreadableRecordException.class).isThrownBy(() -> this.store.read(stream));
		assertThat(this.store.advance(stream, OptionalLong.empty(), 2)).isFalse();
		assertThat(this.store.advance(stream, OptionalLong.of(12345), 12346)).isFalse();
		assertThat(this.redis.send("GET " + name(stream))).contains("12345");
	}

	@Test
	void fullServerTakesNoMarkAndShowsThoseThatItHas() {
		StreamKey stream = stream();
		this.store.advance(stream, OptionalLong.empty(), 1);
		this.redis.send("CONFIG SET maxmemory 1");
		try {
			assertThatExceptionOfType(IdempotencyStoreException.class)
				.isThrownBy(() -> this.store.advance(stream, OptionalLong.of(1), 2))
				.withMessageContaining("OOM");
			assertThat(this.store.read(stream)).hasValue(1);
		}
		finally {
			this.redis.send("CONFIG SET maxmemory 0");
		}
		assertThat(this.store.advance(stream, OptionalLong.of(1), 2)).isTrue();
	}

	@Test
	void frozenServerIsAFailureWithinTheBudget() {
		StreamKey stream = stream();
		this.store.advance(stream, OptionalLong.empty(), 1);
		this.redis.freeze();
		try {
			assertThatExceptionOfType(IdempotencyStoreException.class)
				.isThrownBy(() -> this.store.advance(stream, OptionalLong.of(1), 2))
				.matches((ex) -> !ex.isAnswered());
			assertThatExceptionOfType(IdempotencyStoreException.class).isThrownBy(() -> this.store.read(stream));
		}
		finally {
			this.redis.thaw();
		}
		await().ignoreExceptions().until(() -> this.store.read(stream).isPresent());
	}

}
