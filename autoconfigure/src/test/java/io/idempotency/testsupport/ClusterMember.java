package io.idempotency.testsupport;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.Function;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;

/** One server of a {@link RedisCluster}, seen by its operator. */
final class ClusterMember {

	private static final Duration NODE_TIMEOUT = Duration.ofSeconds(2);

	private final RedisProcess server;

	private final RedisClient client;

	private StatefulRedisConnection<String, String> connection;

	private final String id;

	/** Starts a server that keeps all its files in the given directory. */
	ClusterMember(Function<String[], RedisProcess> starter, RedisClient client, Path directory) {
		this.client = client;
		// without its own directory it would load what a replica of another test left
		this.server = starter.apply(new String[] { "--dir", directory.toString(), "--cluster-enabled", "yes",
				"--cluster-node-timeout", Long.toString(NODE_TIMEOUT.toMillis()), "--cluster-replica-validity-factor",
				"0", "--repl-diskless-sync", "yes", "--repl-diskless-sync-delay", "0" });
		connect();
		this.id = commands().clusterMyId();
	}

	private void connect() {
		RedisURI uri = RedisURI.create("127.0.0.1", this.server.port());
		uri.setTimeout(Duration.ofSeconds(10));
		this.connection = this.client.connect(uri);
	}

	RedisProcess server() {
		return this.server;
	}

	int port() {
		return this.server.port();
	}

	String id() {
		return this.id;
	}

	RedisCommands<String, String> commands() {
		return this.connection.sync();
	}

	/** Whether it is neither dead nor frozen. */
	boolean isAlive() {
		return this.connection != null;
	}

	void kill() {
		disconnect();
		this.server.stop();
	}

	void freeze() {
		disconnect();
		this.server.freeze();
	}

	void thaw() {
		this.server.thaw();
		connect();
	}

	private void disconnect() {
		this.connection.close();
		this.connection = null;
	}

	void restart() {
		this.server.start();
		connect();
	}

	boolean isPrimary() {
		return myself()[2].contains("master");
	}

	/** Whether it is a replica that has everything its primary had. */
	boolean isReplica() {
		return commands().info("replication").contains("master_link_status:up");
	}

	/** Whether it knows that many others, and that all slots are served. */
	boolean isContent(int members) {
		return members().size() == members && commands().clusterInfo().contains("cluster_state:ok");
	}

	/** The members it knows, without those that it is only being introduced to. */
	private List<String[]> members() {
		return commands().clusterNodes()
			.lines()
			.map((line) -> line.split(" "))
			.filter((member) -> !member[2].contains("handshake"))
			.toList();
	}

	private String[] myself() {
		return members().stream().filter((member) -> member[2].contains("myself")).findFirst().orElseThrow();
	}

	/** The slots it serves. */
	BitSet slots() {
		BitSet slots = new BitSet();
		// a slot that is on its way stands once more, in brackets
		Arrays.stream(myself()).skip(8).filter((range) -> !range.startsWith("[")).forEach((range) -> {
			String[] ends = range.split("-");
			slots.set(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]) + 1);
		});
		return slots;
	}

}
