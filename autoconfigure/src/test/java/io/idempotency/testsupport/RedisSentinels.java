package io.idempotency.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.awaitility.core.ConditionFactory;

import org.springframework.util.FileSystemUtils;

import static org.awaitility.Awaitility.await;

/**
 * A primary, which is server 0 at first, its replica, and three Sentinels that watch
 * them, on the loopback interface. The numbers stay when the roles change.
 */
public final class RedisSentinels implements AutoCloseable {

	/** The name under which the Sentinels know the primary. */
	public static final String NAME = "payments";

	private static final int SERVERS = 2;

	private static final int SENTINELS = 3;

	private final Path directory;

	private final List<RedisProcess> servers = new ArrayList<>();

	private final List<RedisProcess> sentinels = new ArrayList<>();

	/**
	 * Starts all of them and waits until they know one another.
	 * @param starter {@code RedisProcess::redis62} say
	 * @param settings of the primary and the replica
	 */
	public RedisSentinels(Function<String[], RedisProcess> starter, String... settings) {
		try {
			this.directory = Files.createTempDirectory("redis-sentinel");
			start(starter, settings);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (RuntimeException ex) {
			close();
			throw ex;
		}
	}

	private void start(Function<String[], RedisProcess> starter, String... settings) throws IOException {
		for (int i = 0; i < SERVERS; i++) {
			// without its own directory it would load what a replica of another test left
			Path home = Files.createDirectory(this.directory.resolve("server-" + i));
			Stream<String> own = Stream.of("--dir", home.toString(), "--repl-diskless-sync", "yes",
					"--repl-diskless-sync-delay", "0");
			this.servers.add(starter.apply(Stream.concat(own, Arrays.stream(settings)).toArray(String[]::new)));
		}
		server(1).send("REPLICAOF 127.0.0.1 " + server(0).port());
		awaitReplica(1);
		for (int i = 0; i < SENTINELS; i++) {
			Path file = this.directory.resolve("sentinel-" + i + ".conf");
			// a Sentinel keeps what it learns in this file
			Files.writeString(file, """
					sentinel monitor %1$s 127.0.0.1 %2$d 2
					sentinel down-after-milliseconds %1$s 1000
					sentinel failover-timeout %1$s 5000
					""".formatted(NAME, server(0).port()));
			this.sentinels.add(starter.apply(new String[] { file.toString(), "--sentinel" }));
		}
		patiently().until(() -> this.sentinels.stream().allMatch(RedisSentinels::knowsAll));
	}

	private static ConditionFactory patiently() {
		return await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(50)).ignoreExceptions();
	}

	private static boolean knowsAll(RedisProcess sentinel) {
		Map<String, String> primary = primary(sentinel);
		return primary.get("flags").equals("master") && primary.get("num-slaves").equals("1")
				&& primary.get("num-other-sentinels").equals("2");
	}

	/** What a Sentinel knows of the primary. */
	private static Map<String, String> primary(RedisProcess sentinel) {
		List<String> reply = sentinel.send("SENTINEL MASTER " + NAME)
			.lines()
			.filter((line) -> !line.startsWith("*") && !line.startsWith("$") && !line.startsWith("+"))
			.toList();
		Map<String, String> properties = new TreeMap<>();
		for (int i = 0; i + 1 < reply.size(); i += 2) {
			properties.put(reply.get(i), reply.get(i + 1));
		}
		return properties;
	}

	/** The Sentinels, as {@code spring.data.redis.sentinel.nodes} takes them. */
	public String nodes() {
		return this.sentinels.stream()
			.map((sentinel) -> "127.0.0.1:" + sentinel.port())
			.collect(Collectors.joining(","));
	}

	/** The primary or the replica. */
	public RedisProcess server(int number) {
		return this.servers.get(number);
	}

	/** SIGKILL. */
	public void kill(int number) {
		server(number).stop();
	}

	/** Starts a server again that was killed: empty, and as the primary of nobody. */
	public void restart(int number) {
		server(number).start();
	}

	/** Asks the Sentinels to change the roles while both servers are alive. */
	public void failOver() {
		String reply = this.sentinels.get(0).send("SENTINEL FAILOVER " + NAME);
		if (!reply.startsWith("+OK")) {
			throw new IllegalStateException("The Sentinels do not fail over: " + reply);
		}
	}

	/** Waits until all Sentinels send clients to this server and it takes writes. */
	public void awaitPrimary(int number) {
		String port = Integer.toString(server(number).port());
		patiently().until(() -> isPrimary(number)
				&& this.sentinels.stream().allMatch((sentinel) -> primary(sentinel).get("port").equals(port)));
	}

	/** Whether a server takes itself for a primary. */
	public boolean isPrimary(int number) {
		return server(number).send("INFO replication").contains("role:master");
	}

	/** Waits until a server is a replica and has everything that its primary had. */
	public void awaitReplica(int number) {
		// a former primary that comes back is told so by Sentinel in its own time
		patiently().atMost(Duration.ofSeconds(90)).until(() -> isReplica(number));
	}

	/** Waits until one server is a replica and has everything that the other had. */
	public void awaitReplica() {
		patiently().atMost(Duration.ofSeconds(90)).until(() -> isReplica(0) || isReplica(1));
	}

	private boolean isReplica(int number) {
		return server(number).send("INFO replication").contains("master_link_status:up");
	}

	/**
	 * Waits until the replica has everything that the primary answered before. What it
	 * answers later may be lost with it: replication is asynchronous.
	 */
	public void awaitReplication(int primary, int replica) {
		long offset = offset(primary, "master_repl_offset:");
		patiently().until(() -> offset(replica, "slave_repl_offset:") >= offset);
	}

	private long offset(int number, String name) {
		return server(number).send("INFO replication")
			.lines()
			.filter((line) -> line.startsWith(name))
			.mapToLong((line) -> Long.parseLong(line.substring(name.length())))
			.findFirst()
			.orElseThrow();
	}

	@Override
	public void close() {
		this.sentinels.forEach(RedisProcess::close);
		this.servers.forEach(RedisProcess::close);
		try {
			FileSystemUtils.deleteRecursively(this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
