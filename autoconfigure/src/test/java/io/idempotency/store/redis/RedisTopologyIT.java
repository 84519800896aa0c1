package io.idempotency.store.redis;

import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;

import io.idempotency.store.Claim;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.testsupport.RedisCluster;
import io.idempotency.testsupport.RedisProcess;
import io.lettuce.core.ReadFrom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.data.redis.connection.RedisClusterConfiguration;
import org.springframework.data.redis.connection.RedisNode;
import org.springframework.data.redis.connection.RedisStaticMasterReplicaConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceClientConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/** More than one server, or one that was demoted. */
class RedisTopologyIT {

	@Test
	void recordsAreAtHomeInACluster(@TempDir Path directory) {
		try (RedisProcess redis = RedisCluster.single(RedisProcess::redis62, directory)) {
			RedisClusterConfiguration cluster = new RedisClusterConfiguration()
				.clusterNode(new RedisNode("127.0.0.1", redis.port()));
			LettuceConnectionFactory factory = new LettuceConnectionFactory(cluster);
			withStore(factory, (store) -> {
				for (int i = 0; i < 100; i++) {
					RecordLife.assertWhole(store);
				}
			});
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "upstream", "upstreamPreferred", "replica", "replicaPreferred", "lowestLatency", "any",
			"anyReplica" })
	void recordsAreNeverReadFromAReplica(String readFrom) {
		try (RedisProcess primary = RedisProcess.redis62(); RedisProcess replica = RedisProcess.redis62()) {
			replica.send("REPLICAOF 127.0.0.1 " + primary.port());
			await().until(() -> replica.send("INFO replication").contains("master_link_status:up"));
			// from now on the replica knows nothing new, so a read from it would show
			replica.send("REPLICAOF 127.0.0.1 1");
			RedisStaticMasterReplicaConfiguration configuration = new RedisStaticMasterReplicaConfiguration("127.0.0.1",
					primary.port());
			configuration.addNode("127.0.0.1", replica.port());
			LettuceConnectionFactory factory = new LettuceConnectionFactory(configuration,
					LettuceClientConfiguration.builder().readFrom(ReadFrom.valueOf(readFrom)).build());
			withStore(factory, (store) -> {
				for (int i = 0; i < 25; i++) {
					RecordLife.assertWhole(store);
				}
			});
			assertThat(replica.commandCalls().keySet()).doesNotContain("set", "getex", "eval", "evalsha");
		}
	}

	@Test
	void demotedPrimaryIsAStoreThatRefuses() {
		try (RedisProcess redis = RedisProcess.redis62()) {
			LettuceConnectionFactory factory = new LettuceConnectionFactory("127.0.0.1", redis.port());
			withStore(factory, (store) -> {
				Claim claim = RecordLife.claim();
				store.claim(claim);
				redis.send("REPLICAOF 127.0.0.1 1");
				assertThatExceptionOfType(IdempotencyStoreException.class)
					.isThrownBy(() -> store.claim(RecordLife.claim()))
					.withMessageContaining("READONLY")
					.matches(IdempotencyStoreException::isAnswered);
				assertThatExceptionOfType(IdempotencyStoreException.class)
					.isThrownBy(() -> store.complete(claim, RecordLife.RESULT, RecordLife.MINUTE));
				redis.send("REPLICAOF NO ONE");
				assertThat(store.complete(claim, RecordLife.RESULT, RecordLife.MINUTE)).isTrue();
			});
		}
	}

	private static void withStore(LettuceConnectionFactory factory, Consumer<RedisIdempotencyStore> work) {
		factory.afterPropertiesSet();
		factory.start();
		RedisIdempotencyStore store = new RedisIdempotencyStore(factory, "idempotency", Duration.ofSeconds(5));
		try {
			work.accept(store);
		}
		finally {
			store.stop();
			factory.destroy();
		}
	}

}
