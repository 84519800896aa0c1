package io.idempotency.store.redis;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.idempotency.DigestBuilder;
import io.idempotency.Fingerprint;
import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.OwnerToken;
import io.idempotency.store.RecordKey;
import io.idempotency.testsupport.RedisProcess;
import io.lettuce.core.ReadFrom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

	private static final Duration MINUTE = Duration.ofMinutes(1);

	private static final StoredResult RESULT = StoredResult.of(new byte[] { 1, 2, 3 });

	@Test
	void recordsAreAtHomeInACluster(@TempDir Path directory) {
		try (RedisProcess redis = RedisProcess.redis62("--cluster-enabled", "yes", "--cluster-config-file",
				directory.resolve("nodes.conf").toString())) {
			for (int start = 0; start < 16_384; start += 1024) {
				redis.send("CLUSTER ADDSLOTS " + IntStream.range(start, start + 1024)
					.mapToObj(Integer::toString)
					.collect(Collectors.joining(" ")));
			}
			await().until(() -> redis.send("CLUSTER INFO").contains("cluster_state:ok"));
			RedisClusterConfiguration cluster = new RedisClusterConfiguration()
				.clusterNode(new RedisNode("127.0.0.1", redis.port()));
			LettuceConnectionFactory factory = new LettuceConnectionFactory(cluster);
			assertWholeLife(factory, 200);
		}
	}

	@Test
	void recordsAreNeverReadFromAReplica() {
		try (RedisProcess primary = RedisProcess.redis62(); RedisProcess replica = RedisProcess.redis62()) {
			replica.send("REPLICAOF 127.0.0.1 " + primary.port());
			await().until(() -> replica.send("INFO replication").contains("master_link_status:up"));
			// from now on the replica knows nothing new, so a read from it would show
			replica.send("REPLICAOF 127.0.0.1 1");
			RedisStaticMasterReplicaConfiguration configuration = new RedisStaticMasterReplicaConfiguration("127.0.0.1",
					primary.port());
			configuration.addNode("127.0.0.1", replica.port());
			LettuceConnectionFactory factory = new LettuceConnectionFactory(configuration,
					LettuceClientConfiguration.builder().readFrom(ReadFrom.REPLICA_PREFERRED).build());
			assertWholeLife(factory, 50);
		}
	}

	@Test
	void demotedPrimaryIsAStoreThatRefuses() {
		try (RedisProcess redis = RedisProcess.redis62()) {
			LettuceConnectionFactory factory = new LettuceConnectionFactory("127.0.0.1", redis.port());
			withStore(factory, (store) -> {
				Claim claim = claim();
				store.claim(claim);
				redis.send("REPLICAOF 127.0.0.1 1");
				assertThatExceptionOfType(IdempotencyStoreException.class).isThrownBy(() -> store.claim(claim()))
					.withMessageContaining("READONLY")
					.matches(IdempotencyStoreException::isAnswered);
				assertThatExceptionOfType(IdempotencyStoreException.class)
					.isThrownBy(() -> store.complete(claim, RESULT, MINUTE));
				redis.send("REPLICAOF NO ONE");
				assertThat(store.complete(claim, RESULT, MINUTE)).isTrue();
			});
		}
	}

	private static void assertWholeLife(LettuceConnectionFactory factory, int records) {
		withStore(factory, (store) -> {
			for (Claim claim : IntStream.range(0, records).mapToObj((i) -> claim()).toList()) {
				Claim duplicate = new Claim(claim.key(), OwnerToken.next(), claim.fingerprint(), MINUTE);
				assertThat(store.claim(claim)).isInstanceOf(ClaimOutcome.Acquired.class);
				assertThat(store.claim(duplicate)).isEqualTo(new ClaimOutcome.Pending(claim.fingerprint()));
				assertThat(store.renew(claim)).isTrue();
				assertThat(store.release(duplicate)).isFalse();
				assertThat(store.complete(claim, RESULT, MINUTE)).isTrue();
				assertThat(store.claim(duplicate)).isEqualTo(new ClaimOutcome.Completed(claim.fingerprint(), RESULT));
			}
		});
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

	private static Claim claim() {
		Fingerprint unique = new DigestBuilder().text(UUID.randomUUID().toString()).build();
		String digest = Base64.getUrlEncoder().withoutPadding().encodeToString(unique.toBytes());
		return new Claim(new RecordKey("POST /payments/{id}", digest), OwnerToken.next(), unique, MINUTE);
	}

}
