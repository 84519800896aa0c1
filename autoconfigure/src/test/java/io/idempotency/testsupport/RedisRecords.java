package io.idempotency.testsupport;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;

import io.lettuce.core.RedisClient;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;

/**
 * A Redis of a test, read and changed behind the application's back. Each character is
 * one byte.
 */
public final class RedisRecords implements AutoCloseable {

	private final String dump = "records-" + UUID.randomUUID() + ".rdb";

	private final RedisProcess redis;

	private final RedisClient client;

	private final RedisCommands<String, String> commands;

	/** Starts a server with the given further settings. */
	public RedisRecords(Function<String[], RedisProcess> server) {
		// compressed by the server, a record would hide what is in it
		this.redis = server.apply(new String[] { "--dbfilename", this.dump, "--rdbcompression", "no" });
		this.client = RedisClient.create("redis://127.0.0.1:" + this.redis.port());
		this.commands = this.client.connect(new StringCodec(StandardCharsets.ISO_8859_1)).sync();
	}

	public int port() {
		return this.redis.port();
	}

	public void clear() {
		this.commands.flushall();
	}

	/** The name of the one record that the work adds. */
	public String addedBy(Supplier<?> work) {
		Set<String> before = names();
		work.get();
		Set<String> added = names();
		added.removeAll(before);
		if (added.size() != 1) {
			throw new IllegalStateException("Not one more record but " + added);
		}
		return added.iterator().next();
	}

	private Set<String> names() {
		return new TreeSet<>(this.commands.keys("*"));
	}

	public String get(String name) {
		return this.commands.get(name);
	}

	/** Replaces a value; it lasts as long as the one that was there. */
	public void put(String name, String value) {
		this.commands.set(name, value, SetArgs.Builder.keepttl());
	}

	/** All that is in the server: names, values, what DUMP says of them, and the file. */
	public List<String> everything() throws IOException {
		List<String> found = new ArrayList<>();
		for (String name : names()) {
			found.add(name);
			found.add(get(name));
			found.add(new String(this.commands.dump(name), StandardCharsets.ISO_8859_1));
		}
		this.commands.save();
		found.add(Files.readString(Path.of("target", this.dump), StandardCharsets.ISO_8859_1));
		return found;
	}

	@Override
	public void close() throws IOException {
		this.client.shutdown();
		this.redis.close();
		Files.deleteIfExists(Path.of("target", this.dump));
	}

}
