package io.idempotency.web;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import io.idempotency.Idempotent;
import io.idempotency.testsupport.RawConnection;
import io.idempotency.testsupport.RawConnection.Answer;
import io.idempotency.testsupport.ServerUnderTest;
import jakarta.servlet.http.HttpServletRequest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rule 2 for generated header values over a raw socket: 2xx or 400, never two runs of one
 * key, never one run for two keys, and nothing of the caller's in the log.
 */
class KeyHeaderFuzzTests {

	/** In every key, so that it is known wherever it turns up. */
	private static final String TOKEN = "Zq7x";

	private static final Pattern TOKENS = Pattern.compile(TOKEN + "[0-9a-f]{8}");

	private static final int LENIENT_VALUES = 10_000;

	private static final int STRICT_VALUES = 2_000;

	/** The requests that are under way at once on one connection. */
	private static final int BATCH = 16;

	private static final List<Integer> LIKE_ANY = List.of(200, 400);

	/**
	 * Jetty resets a connection with what it has not read of it after a header that it
	 * refuses, and answers before that are lost.
	 */
	private static final boolean PIPELINED = ServerUnderTest.on(true, false);

	/** The same values in each build; {@code -Dfuzz.seed} makes others. */
	private static final long SEED = Long.getLong("fuzz.seed", 20_261_121);

	/** How often each token was seen by the method. */
	@RestController
	static class Tokens {

		private final Map<String, AtomicInteger> runs = new ConcurrentHashMap<>();

		@Idempotent
		@PostMapping("/fuzz")
		String fuzz(HttpServletRequest request) {
			Matcher token = TOKENS.matcher(request.getHeader("Idempotency-Key"));
			String name = token.find() ? token.group() : "none";
			return "run " + this.runs.computeIfAbsent(name, (missing) -> new AtomicInteger()).incrementAndGet();
		}

		Map<String, AtomicInteger> runs() {
			return this.runs;
		}

		int of(String token) {
			AtomicInteger count = this.runs.get(token);
			return (count != null) ? count.get() : 0;
		}

	}

	/** A log as a file would have it, of which only what is wrong is kept. */
	private static final class StrictLog extends AppenderBase<ILoggingEvent> {

		private final List<Appender<ILoggingEvent>> replaced = new ArrayList<>();

		private final Queue<String> wrong = new ConcurrentLinkedQueue<>();

		private final AtomicInteger ours = new AtomicInteger();

		/** Other tests of this virtual machine want their log back. */
		void restore() {
			Logger root = ((LoggerContext) getContext()).getLogger(Logger.ROOT_LOGGER_NAME);
			root.detachAppender(this);
			this.replaced.forEach(root::addAppender);
		}

		@Override
		protected void append(ILoggingEvent event) {
			StringBuilder text = new StringBuilder(event.getFormattedMessage());
			for (IThrowableProxy ex = event.getThrowableProxy(); ex != null; ex = ex.getCause()) {
				text.append(" / ").append(ex.getMessage());
			}
			// containers quote lines that they refuse, escaped
			boolean containers = event.getLoggerName()
				.startsWith(ServerUnderTest.on("org.apache.", "org.eclipse.jetty."));
			if (text.chars()
				.anyMatch((c) -> c < ' ' && c != '\t' && !(containers && (c == '\n' || c == '\r')) || c >= 0x7F)
					|| (!containers && text.indexOf(TOKEN) >= 0)) {
				this.wrong.add(event.getLoggerName() + ": " + text);
			}
			if (event.getLoggerName().startsWith("io.idempotency.") || text.indexOf("IdempotencyProblem") >= 0) {
				this.ours.incrementAndGet();
			}
		}

	}

	/** A header value, with a token that no other has. */
	private record Value(String token, String line) {

		/** Whether all before the parameters is visible ASCII. */
		boolean mayBeAKey() {
			return this.line.split("[;\r\n]", 2)[0].strip().chars().allMatch((c) -> c > ' ' && c < 0x7F);
		}

		/** Near to the 8 KB that containers take for all headers, or beyond. */
		boolean isLarge() {
			return this.line.length() > 7000;
		}

		String request() {
			return "POST /fuzz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nIdempotency-Key: " + this.line
					+ "\r\n\r\n";
		}

	}

	/** Values of every kind; half of them near to what is a key. */
	private static final class Values {

		private static final String[] PIECES = { "\"", "\"", "\\", "\\\\", "\\\"", ";", ";p=1", "; p=\"x\"", ";p",
				";*a=?1", "=", ",", " ", "\t", "%00", "%0d%0a", "\\u0000", "${jndi:x}", "\u001b[31m", "\u0000",
				"\u0007", "\u007f", "\u0080", "\u0085", "\u00a0", "\u00e9", "\u00ff", "<script>", "'", "a", "0", "-",
				":", "/", "(", "?1" };

		private final Random random;

		private int count;

		Values(long seed) {
			this.random = new Random(seed);
		}

		Value next() {
			String token = TOKEN + String.format(Locale.ROOT, "%08x", this.count++);
			// parameters are no part of a key, so the token comes before the first
			String before = pieces(this.random.nextInt(3)).replace(";", "");
			String after = pieces(this.random.nextInt(4));
			return new Value(token, switch (this.random.nextInt(10)) {
				case 0 -> token;
				case 1 -> "\"" + token + "\"";
				case 2 -> "\"" + token + "\"" + after;
				case 3 -> token + after;
				case 4 -> "\"" + quoted(before) + token + quoted(after) + "\"";
				case 5 ->
					"\"" + quoted(before) + token + "\";p=" + this.random.nextInt(9) + ";q=\"" + quoted(after) + "\"";
				case 6 -> token + bytes(this.random.nextInt(6));
				case 7 -> token + (char) ('!' + this.random.nextInt(94)) + "x".repeat(size());
				default -> before + token + after;
			});
		}

		/** Around the longest key, at times around the longest header. */
		private int size() {
			return (this.random.nextInt(20) == 0) ? 4000 + this.random.nextInt(6000) : 235 + this.random.nextInt(20);
		}

		private String pieces(int count) {
			StringBuilder text = new StringBuilder();
			for (int i = 0; i < count; i++) {
				text.append(PIECES[this.random.nextInt(PIECES.length)]);
			}
			return text.toString();
		}

		private static String quoted(String text) {
			return text.replace("\\", "\\\\").replace("\"", "\\\"");
		}

		/** Any but those that end a line. */
		private String bytes(int count) {
			StringBuilder text = new StringBuilder();
			while (text.length() < count) {
				char next = (char) this.random.nextInt(0x100);
				if (next != '\r' && next != '\n') {
					text.append(next);
				}
			}
			return text.toString();
		}

	}

	@ParameterizedTest
	@CsvSource({ "false," + LENIENT_VALUES, "true," + STRICT_VALUES })
	void rule2AnyHeaderIsAKeyOrA400(boolean strict, int count) throws Exception {
		StrictLog log = new StrictLog();
		int accepted = 0;
		try (ConfigurableApplicationContext application = start(strict, log)) {
			Tokens tokens = application.getBean(Tokens.class);
			Values values = new Values(SEED);
			try (Connections connections = new Connections(port(application))) {
				for (int i = 0; i < count / BATCH; i++) {
					accepted += connections.dialogue(
							Stream.generate(values::next).filter(KeyHeaderFuzzTests::reachesUs).limit(BATCH).toList(),
							tokens);
				}
			}
			assertThat(tokens.runs()).as("seed %d", SEED).hasSize(accepted).allSatisfy((token, runs) -> {
				assertThat(token).startsWith(TOKEN);
				assertThat(runs).hasValue(1);
			});
		}
		log.restore();
		assertThat(log.wrong).as("seed %d", SEED).isEmpty();
		assertThat(log.ours).hasPositiveValue();
		assertThat(accepted).isBetween(count / 10, count * 9 / 10);
	}

	/**
	 * The container takes what follows for another header, or refuses all of it, which
	 * may harm the next connection on Jetty: so each has an application.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "\r\nX-Other: 1", "\nX-Other: 1", "\rX-Other: 1", "\r\n folded", "\r\n\tfolded",
			"\r\nnonsense", "\r\n: 1", "\r", "\n", "\r\r\n", "\"\r\nX-Other: \"", "\r\nIdempotency-Key: b" })
	void rule2LineBreaksEndTheKey(String end) throws Exception {
		StrictLog log = new StrictLog();
		try (ConfigurableApplicationContext application = start(false, log)) {
			Tokens tokens = application.getBean(Tokens.class);
			try (Connections connections = new Connections(port(application))) {
				String token = TOKEN + "00000000";
				int accepted = connections.dialogue(List.of(new Value(token, token + end)), tokens);
				assertThat(tokens.runs()).hasSize(accepted);
			}
		}
		log.restore();
		assertThat(log.wrong).isEmpty();
	}

	/**
	 * Jetty refuses control characters and headers that are too large before anybody sees
	 * them, and may give a wrong answer on the next connection then (docs/containers.md).
	 */
	private static boolean reachesUs(Value value) {
		return ServerUnderTest.current() == ServerUnderTest.TOMCAT
				|| !value.isLarge() && value.line().chars().allMatch((c) -> c >= ' ' && c != 0x7F || c == '\t');
	}

	private static ConfigurableApplicationContext start(boolean strict, StrictLog log) {
		ConfigurableApplicationContext application = WebTestApplication.start(new Class<?>[] { Tokens.class },
				"idempotency.http.strict=" + strict, "server.tomcat.max-keep-alive-requests=-1",
				"logging.level.root=info", "logging.level.io.idempotency=trace",
				"logging.level.org.springframework.web.servlet.mvc.method.annotation=debug");
		LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
		Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
		root.iteratorForAppenders().forEachRemaining(log.replaced::add);
		log.replaced.forEach(root::detachAppender);
		log.setContext(context);
		log.start();
		root.addAppender(log);
		root.setLevel(Level.INFO);
		return application;
	}

	private static int port(ConfigurableApplicationContext application) {
		return ((WebServerApplicationContext) application).getWebServer().getPort();
	}

	/** One connection, and the next when the server has closed it. */
	private static final class Connections implements AutoCloseable {

		private final int port;

		private RawConnection current;

		Connections(int port) throws IOException {
			this.port = port;
			this.current = new RawConnection(port);
		}

		/**
		 * Sends requests in one go, each twice, and again from where the server has hung
		 * up.
		 * @return how many keys were accepted
		 */
		int dialogue(List<Value> values, Tokens tokens) throws IOException {
			int accepted = 0;
			int done = 0;
			while (done < values.size()) {
				List<Value> rest = values.subList(done, values.size());
				if (PIPELINED) {
					this.current
						.send(rest.stream().map(Value::request).map((one) -> one + one).collect(Collectors.joining()));
				}
				for (Value value : rest) {
					Answer first = answer(value);
					accepted += verify(value, first, tokens);
					done++;
					if (first.last()) {
						this.current.drain();
						this.current.close();
						this.current = new RawConnection(this.port);
						break;
					}
				}
			}
			return accepted;
		}

		private Answer answer(Value value) throws IOException {
			if (!PIPELINED) {
				this.current.send(value.request());
			}
			return this.current.read();
		}

		private int verify(Value value, Answer first, Tokens tokens) throws IOException {
			assertThat(first).as("seed %d, %s", SEED, value).isNotNull();
			assertThat(first.status()).as("seed %d, %s: %s", SEED, value, first.body()).isIn(LIKE_ANY);
			assertThat(first.body()).doesNotContain(TOKEN);
			assertThat(first.replay()).as("seed %d, %s", SEED, value).isFalse();
			boolean accepted = first.status() == 200;
			if (!value.mayBeAKey()) {
				assertThat(accepted).as("seed %d, %s", SEED, value).isFalse();
			}
			if (!first.last()) {
				Answer second = answer(value);
				assertThat(second).as("seed %d, %s", SEED, value).isNotNull();
				assertThat(second.status()).as("seed %d, %s: %s, then %s", SEED, value, first.body(), second.body())
					.isEqualTo(first.status());
				assertThat(second.replay()).as("seed %d, %s", SEED, value).isEqualTo(accepted);
			}
			assertThat(accepted && first.last()).as("seed %d, %s", SEED, value).isFalse();
			assertThat(tokens.of(value.token())).as("seed %d, %s", SEED, value).isEqualTo(accepted ? 1 : 0);
			return accepted ? 1 : 0;
		}

		@Override
		public void close() throws IOException {
			this.current.close();
		}

	}

}
