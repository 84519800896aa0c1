package io.idempotency.torture;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.idempotency.testsupport.RedisProcess;

/**
 * All processes there are: applications, each with a network of its own to the one Redis,
 * and the ledger. A fault may bring more.
 */
final class World implements Closeable {

	static final Duration LEASE = Duration.ofSeconds(Integer.getInteger("torture.lease", 4));

	static final Duration STORE_TIMEOUT = Duration.ofMillis(500);

	private final Ledger ledger = new Ledger();

	private final LedgerServer ledgerServer = new LedgerServer(this.ledger);

	private final Absences absences = new Absences();

	private final List<ApplicationNode> nodes = Stream.of("a", "b", "c")
		.map((name) -> new ApplicationNode(name, this.absences))
		.toList();

	private final List<LoopbackProxy> networks = this.nodes.stream().map((node) -> new LoopbackProxy(1)).toList();

	private RedisProcess redis;

	private List<String> properties;

	private int turn;

	Ledger ledger() {
		return this.ledger;
	}

	Absences absences() {
		return this.absences;
	}

	List<ApplicationNode> nodes() {
		return this.nodes;
	}

	/** The network between each node and Redis. */
	List<LoopbackProxy> networks() {
		return this.networks;
	}

	/** One node after the other. */
	int nextNode() {
		this.turn = (this.turn + 1) % this.nodes.size();
		return this.turn;
	}

	RedisProcess redis() {
		return this.redis;
	}

	/** Starts a server: a Redis 7 where there is one, else the embedded 6.2. */
	static RedisProcess startRedis(String... settings) {
		return (System.getProperty("redis7.server") != null) ? RedisProcess.redis7(settings)
				: RedisProcess.redis62(settings);
	}

	/** A server with a directory of its own, so that none loads what another one left. */
	static RedisProcess startRedis(List<String> settings) {
		try {
			Path home = Files.createTempDirectory(Path.of("target", "torture").toAbsolutePath(), "redis");
			return startRedis(
					Stream.concat(Stream.of("--dir", home.toString()), settings.stream()).toArray(String[]::new));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Gives the applications an empty server. */
	void startOver(List<String> settings) {
		RedisProcess former = this.redis;
		lead(startRedis(settings));
		if (former != null) {
			former.close();
		}
	}

	/** Leads the applications to another server. */
	void lead(RedisProcess server) {
		this.redis = server;
		this.networks.forEach((network) -> network.lead(server.port()));
	}

	/**
	 * Starts the applications, or starts them again if they run with other properties.
	 * @return whether they were started
	 */
	boolean configure(List<String> further) {
		if (further.equals(this.properties)) {
			return false;
		}
		if (this.properties != null) {
			this.nodes.forEach(ApplicationNode::terminate);
		}
		this.properties = List.copyOf(further);
		for (int i = 0; i < this.nodes.size(); i++) {
			List<String> all = new ArrayList<>(List.of("torture.ledger=" + this.ledgerServer.port(),
					"idempotency.lease=" + LEASE.toMillis() + "ms",
					"idempotency.store-timeout=" + STORE_TIMEOUT.toMillis() + "ms", "idempotency.ttl=1h",
					"spring.jmx.enabled=false", "spring.main.banner-mode=off", "logging.level.root=warn",
					"spring.lifecycle.timeout-per-shutdown-phase=8s", "spring.data.redis.host=127.0.0.1",
					"spring.data.redis.port=" + this.networks.get(i).port()));
			all.addAll(further);
			this.nodes.get(i).configure(all);
			this.nodes.get(i).launch(Map.of());
		}
		this.nodes.forEach(ApplicationNode::awaitStart);
		return true;
	}

	/** No node can renew its leases while this happens. */
	void away(Runnable happening) {
		List<Absence> away = this.nodes.stream().map((node) -> this.absences.begin(node.name())).toList();
		happening.run();
		away.forEach(this.absences::end);
	}

	@Override
	public void close() throws IOException {
		this.nodes.forEach(ApplicationNode::close);
		for (LoopbackProxy network : this.networks) {
			network.close();
		}
		if (this.redis != null) {
			this.redis.close();
		}
		this.ledgerServer.close();
	}

}
