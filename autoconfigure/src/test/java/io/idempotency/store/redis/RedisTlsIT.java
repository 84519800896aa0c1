package io.idempotency.store.redis;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.testsupport.RedisProcess;
import io.idempotency.testsupport.SelfSignedCertificate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** A server that takes encrypted connections. */
class RedisTlsIT {

	private static final String BUNDLE = "spring.ssl.bundle.pem.redis.";

	private static SelfSignedCertificate server;

	private static SelfSignedCertificate client;

	private static int port;

	private static RedisProcess redis;

	@BeforeAll
	static void start(@TempDir Path directory) {
		server = new SelfSignedCertificate(directory, "server");
		client = new SelfSignedCertificate(directory, "client");
		port = RedisProcess.freePort();
		redis = RedisProcess.redis62("--tls-port", Integer.toString(port), "--tls-cert-file",
				server.certificate().toString(), "--tls-key-file", server.key().toString(), "--tls-ca-cert-file",
				client.certificate().toString());
	}

	@AfterAll
	static void stop() {
		redis.close();
	}

	@BeforeEach
	void askNoClientWhoItIs() {
		redis.send("CONFIG SET tls-auth-clients no");
	}

	@Test
	void clientThatTrustsTheServerIsServed() {
		try (BootedStore node = node(trust(server)).awaitConnected()) {
			RecordLife.assertWhole(node.store());
			assertThat(redis.send("CLIENT LIST")).contains("laddr=127.0.0.1:" + port);
		}
	}

	@Test
	void clientThatShowsWhoItIsIsServed() {
		redis.send("CONFIG SET tls-auth-clients yes");
		try (BootedStore node = node(trust(server), BUNDLE + "keystore.certificate=file:" + client.certificate(),
				BUNDLE + "keystore.private-key=file:" + client.key())
			.awaitConnected()) {
			RecordLife.assertWhole(node.store());
		}
	}

	@Test
	void clientThatDoesNotShowWhoItIsIsAStoreFailure() {
		redis.send("CONFIG SET tls-auth-clients yes");
		assertFails(node(trust(server)));
	}

	@Test
	void serverThatIsNotTrustedIsAStoreFailure() {
		assertFails(node(trust(client)));
	}

	@Test
	void plainTextIsAStoreFailure() {
		assertFails(node("spring.data.redis.ssl.enabled=false"));
	}

	private static void assertFails(BootedStore node) {
		try (node) {
			assertThatExceptionOfType(IdempotencyStoreException.class)
				.isThrownBy(() -> node.store().claim(RecordLife.claim()))
				.matches((ex) -> !ex.isAnswered());
		}
	}

	private static String trust(SelfSignedCertificate certificate) {
		return BUNDLE + "truststore.certificate=file:" + certificate.certificate();
	}

	/** A node with these properties and, where it has a bundle, TLS. */
	private static BootedStore node(String... properties) {
		List<String> all = new ArrayList<>(List.of(properties));
		all.add("idempotency.store-timeout=2s");
		all.add("spring.data.redis.host=127.0.0.1");
		all.add("spring.data.redis.port=" + port);
		if (all.stream().anyMatch((property) -> property.startsWith(BUNDLE))) {
			all.add("spring.data.redis.ssl.bundle=redis");
		}
		return new BootedStore(all.toArray(String[]::new));
	}

}
