package io.idempotency.messaging.amqp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import io.idempotency.testsupport.RedisProcess;

import static org.awaitility.Awaitility.await;

/**
 * A real RabbitMQ of a test, on a free port of the loopback interface: the server that
 * the system property {@code rabbitmq.server} names.
 */
public final class RabbitProcess implements AutoCloseable {

	private final Process process;

	private final int port = RedisProcess.freePort();

	public RabbitProcess() {
		String server = System.getProperty("rabbitmq.server");
		if (server == null) {
			throw new IllegalStateException("Name a server with -Drabbitmq.server=/path/to/rabbitmq-server");
		}
		try {
			Path home = Files.createTempDirectory("rabbitmq");
			ProcessBuilder builder = new ProcessBuilder(server).redirectErrorStream(true)
				.redirectOutput(Path.of("target", "rabbitmq.log").toFile());
			Map<String, String> environment = builder.environment();
			environment.put("HOME", home.toString());
			environment.put("RABBITMQ_NODENAME", "test" + this.port + "@localhost");
			environment.put("RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1");
			environment.put("RABBITMQ_NODE_PORT", Integer.toString(this.port));
			environment.put("RABBITMQ_DIST_PORT", Integer.toString(this.port + 10_000));
			environment.put("RABBITMQ_MNESIA_BASE", home.resolve("data").toString());
			environment.put("RABBITMQ_LOG_BASE", home.resolve("log").toString());
			environment.put("RABBITMQ_PID_FILE", home.resolve("pid").toString());
			environment.put("RABBITMQ_ENABLED_PLUGINS_FILE", home.resolve("plugins").toString());
			environment.put("RABBITMQ_CONF_ENV_FILE", "/dev/null");
			this.process = builder.start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		await().atMost(Duration.ofSeconds(90)).pollInterval(Duration.ofMillis(200)).until(this::answers);
	}

	public int port() {
		return this.port;
	}

	private boolean answers() {
		if (!this.process.isAlive()) {
			throw new IllegalStateException("RabbitMQ does not start: see target/rabbitmq.log");
		}
		try (Socket socket = new Socket("127.0.0.1", this.port)) {
			ConnectionFactory connections = new ConnectionFactory();
			connections.setHost("127.0.0.1");
			connections.setPort(this.port);
			Connection connection = connections.newConnection();
			connection.close();
			return socket.isConnected();
		}
		catch (Exception ex) {
			return false;
		}
	}

	@Override
	public void close() {
		this.process.descendants().forEach(ProcessHandle::destroyForcibly);
		this.process.destroyForcibly();
		try {
			if (!this.process.waitFor(20, TimeUnit.SECONDS)) {
				throw new IllegalStateException("RabbitMQ does not end");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
