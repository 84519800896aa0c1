package io.idempotency.store.redis;

import java.net.SocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.idempotency.store.StoreAwayException;
import io.lettuce.core.GetExArgs;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.cluster.SlotHash;
import io.lettuce.core.cluster.api.StatefulRedisClusterConnection;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import io.lettuce.core.cluster.models.partitions.RedisClusterNode;
import io.lettuce.core.protocol.ConnectionIntent;
import org.jspecify.annotations.Nullable;

/**
 * A connection that has been open once, and what is known of the servers behind it. The
 * driver reconnects it by itself.
 */
final class OpenRedis {

	/** The one node of a connection that is no Cluster's. */
	private static final String NODE = "";

	private final StatefulConnection<byte[], byte[]> connection;

	private final RedisClusterAsyncCommands<byte[], byte[]> commands;

	private final @Nullable StatefulRedisClusterConnection<byte[], byte[]> cluster;

	private final Runnable close;

	private final Runnable refresh;

	private final boolean shared;

	private final SilentNodes silent = new SilentNodes();

	private final RedisConnectionStateListener reconnection = new Reconnection();

	/** Whether the server takes SET with NX and GET together, as far as is known. */
	private volatile boolean claimingInOneStep = true;

	/** How often the driver has connected again. */
	private final AtomicInteger connections = new AtomicInteger();

	/** Whether the server is none that records can be written to. */
	private volatile boolean demoted;

	/**
	 * @param refresh has the driver look who is who in a Cluster
	 * @param shared whether the application uses it too
	 */
	OpenRedis(StatefulConnection<byte[], byte[]> connection, RedisClusterAsyncCommands<byte[], byte[]> commands,
			Runnable close, Runnable refresh, boolean shared) {
		this.connection = connection;
		this.commands = commands;
		this.close = close;
		this.refresh = refresh;
		this.shared = shared;
		this.cluster = (connection instanceof StatefulRedisClusterConnection<byte[], byte[]> clustered) ? clustered
				: null;
		connection.addListener(this.reconnection);
	}

	RedisClusterAsyncCommands<byte[], byte[]> commands() {
		return this.commands;
	}

	/**
	 * Whether a command for a key has anybody to go to. One that is handed to a driver
	 * without a connection stays in its memory until it has one, even if it is cancelled.
	 */
	boolean isUsableFor(byte[] key) {
		return isOpen() && !isSilent(key);
	}

	/** A Cluster's connection has as many sockets as it has nodes. */
	private boolean isOpen() {
		return this.cluster != null || this.connection.isOpen();
	}

	/** Whether the server of a key is known not to answer. */
	boolean isSilent(byte[] key) {
		return !this.silent.isEmpty() && this.silent.contains(nodeOf(key));
	}

	/** The server of a key has left a command without an answer. */
	void leftUnanswered(byte[] key) {
		this.silent.add(nodeOf(key), () -> ask(key));
		lookAround();
	}

	/**
	 * Has the driver look who is who in a Cluster: a replica may have taken the place of
	 * a server that says nothing.
	 */
	void lookAround() {
		if (this.cluster != null) {
			this.refresh.run();
		}
	}

	/** Whether the server of a key answers, whatever it says. */
	boolean answers(byte[] key, long timeoutNanos) {
		RedisFuture<?> answer = ask(key);
		try {
			answer.get(timeoutNanos, TimeUnit.NANOSECONDS);
			return true;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException ex) {
			return ex.getCause() instanceof RedisCommandExecutionException;
		}
		catch (TimeoutException ex) {
			// it stays in nobody's queue
			answer.cancel(true);
		}
		return false;
	}

	/** A question that no replica is asked, and that needs no right of its own. */
	private RedisFuture<?> ask(byte[] key) {
		return this.commands.getex(key, new GetExArgs());
	}

	private String nodeOf(byte[] key) {
		RedisClusterNode node = (this.cluster != null) ? primary(this.cluster, key) : null;
		return (node != null) ? node.getNodeId() : NODE;
	}

	private static @Nullable RedisClusterNode primary(StatefulRedisClusterConnection<byte[], byte[]> cluster,
			byte[] key) {
		return cluster.getPartitions().getMasterBySlot(SlotHash.getSlot(key));
	}

	/** Whether the application uses it too. */
	boolean isShared() {
		return this.shared;
	}

	boolean isCluster() {
		return this.cluster != null;
	}

	/** The one socket to the server of a key, for commands that belong together. */
	CompletableFuture<? extends StatefulConnection<byte[], byte[]>> socketOf(byte[] key) {
		return (this.cluster != null) ? connectionOf(key) : CompletableFuture.completedFuture(this.connection);
	}

	/** The connection to the server of a key, if it is our own. */
	CompletableFuture<StatefulRedisConnection<byte[], byte[]>> connectionOf(byte[] key) {
		RedisClusterNode node = (this.cluster != null) ? primary(this.cluster, key) : null;
		if (this.cluster != null && node != null) {
			RedisURI address = node.getUri();
			return this.cluster.getConnectionAsync(address.getHost(), address.getPort(), ConnectionIntent.WRITE);
		}
		return (this.connection instanceof StatefulRedisConnection<byte[], byte[]> single && !this.shared)
				? CompletableFuture.completedFuture(single)
				: CompletableFuture.failedFuture(new StoreAwayException("There is no connection of our own", null));
	}

	/** A connection to each server that takes writes. */
	Stream<CompletableFuture<StatefulRedisConnection<byte[], byte[]>>> servers() {
		StatefulRedisClusterConnection<byte[], byte[]> clustered = this.cluster;
		if (clustered == null) {
			return (this.connection instanceof StatefulRedisConnection<byte[], byte[]> single)
					? Stream.of(CompletableFuture.completedFuture(single)) : Stream.empty();
		}
		return clustered.getPartitions()
			.stream()
			.filter((node) -> node.is(RedisClusterNode.NodeFlag.UPSTREAM))
			.map((node) -> clustered.getConnectionAsync(node.getUri().getHost(), node.getUri().getPort(),
					ConnectionIntent.WRITE));
	}

	boolean isClaimingInOneStep() {
		return this.claimingInOneStep;
	}

	/** The server turned out to be older than Redis 7. */
	void claimInTwoSteps() {
		this.claimingInOneStep = false;
	}

	/** Changes when the driver connects again. */
	int connections() {
		return this.connections.get();
	}

	boolean isDemoted() {
		return this.demoted;
	}

	/** The server said that it is a replica. */
	void demoted() {
		this.demoted = true;
	}

	void close() {
		this.connection.removeListener(this.reconnection);
		this.close.run();
	}

	/** Closes the connection when whoever has got hold of it is done with it. */
	void closeLater(long nanos) {
		CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS).execute(this::close);
	}

	/** Another server may have taken the place of the former. */
	private final class Reconnection implements RedisConnectionStateListener {

		@Override
		public void onRedisConnected(RedisChannelHandler<?, ?> handler, SocketAddress address) {
			OpenRedis.this.connections.incrementAndGet();
			OpenRedis.this.claimingInOneStep = true;
			OpenRedis.this.demoted = false;
		}

	}

}
