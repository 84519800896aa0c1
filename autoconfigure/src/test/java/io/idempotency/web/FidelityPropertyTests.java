package io.idempotency.web;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

import io.idempotency.testsupport.RawHttp;
import io.idempotency.testsupport.RawHttp.Answer;
import io.idempotency.testsupport.ServerUnderTest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rule 11 as a property: whatever a handler does to its response, the first answer is the
 * one it would give without the annotation, header for header, and the replay is the
 * first answer but for what is documented. A failure prints its seed; the system
 * properties {@code fidelity.seed}, which may be {@code random}, and
 * {@code fidelity.cases} look for more.
 */
class FidelityPropertyTests {

	private static final int CASES = Integer.getInteger("fidelity.cases", 300);

	private static final int LARGE = 8192;

	private static final int MEBIBYTE = 1024 * 1024;

	/**
	 * Of the connection, the moment or the client; how a body is framed is of the
	 * connection.
	 */
	private static final List<String> NOT_REPLAYED = List.of("date", "set-cookie", "x-excluded", "connection",
			"keep-alive", "transfer-encoding", "content-length", "access-control-expose-headers");

	private static final Map<String, List<String>> OUTER = Map.of("X-Outer", List.of("before"), "Vary",
			List.of("Origin"));

	private static ConfigurableApplicationContext application;

	private static FidelityHandlers.Book book;

	private static int port;

	private final StatusPolicy statuses = StatusPolicy
		.unstored(List.of("401", "403", "407", "408", "409", "412", "421", "423", "425", "429", "5xx"));

	@BeforeAll
	static void start() {
		application = WebTestApplication.start(new Class<?>[] { FidelityHandlers.Cook.class },
				"idempotency.http.excluded-headers=X-Excluded", "idempotency.http.max-response-size=4MB",
				"idempotency.ttl=10s", "idempotency.memory.max-size=256MB");
		book = application.getBean(FidelityHandlers.Book.class);
		port = ((WebServerApplicationContext) application).getWebServer().getPort();
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@Test
	void rule11FirstAnswerIsTheUnprotectedOneAndTheReplayIsTheFirst() throws IOException {
		long seed = seed();
		ResponseRecipe.Generator generator = new ResponseRecipe.Generator(new Random(seed));
		for (int i = 0; i < CASES; i++) {
			check(generator.next(), "case " + i + " of -Dfidelity.seed=" + seed);
		}
	}

	@Test
	void rule11BodyOfOneMebibyteIsKeptToTheLastByte() throws IOException {
		long seed = seed();
		ResponseRecipe.Generator generator = new ResponseRecipe.Generator(new Random(seed));
		for (int i = 0; i < 4; i++) {
			check(generator.next(MEBIBYTE), "large case " + i + " of -Dfidelity.seed=" + seed);
		}
	}

	/** The same in each build, so that it fails for a change only. */
	private static long seed() {
		String given = System.getProperty("fidelity.seed", "20261121");
		return given.equals("random") ? new Random().nextLong() : Long.parseLong(given);
	}

	private void check(ResponseRecipe recipe, String which) throws IOException {
		String id = Integer.toString(book.recipes.size());
		book.recipes.put(id, recipe);
		String path = "/recipe/" + recipe.way().name().toLowerCase(Locale.ROOT) + "/" + id;
		String text = which + ": " + recipe;
		int before = book.runs.get();
		Answer plain = twice(path, "X-Plain: yes", "unprotected: " + text).get(0);
		List<Answer> protectedAnswers = twice(path, "Idempotency-Key: " + id, text);
		Answer first = protectedAnswers.get(0);
		Answer second = protectedAnswers.get(1);
		assertThat(first.statusLine()).as(text).isEqualTo(plain.statusLine());
		List<String> apart = apart(plain.body().length);
		assertThat(first.headersBut(apart)).as(text).isEqualTo(plain.headersBut(apart));
		assertSame(first, plain, "the first answer of " + text);
		boolean stored = this.statuses.isStored((recipe.error() != 0) ? recipe.error() : first.code());
		assertThat(second.values("Idempotent-Replayed")).as(text).isEqualTo(stored ? List.of("true") : List.of());
		assertThat(book.runs.get()).as(text).isEqualTo(before + (stored ? 1 : 2));
		second.headers().remove("Idempotent-Replayed");
		if (recipe.resets()) {
			// what outer filters set is this request's, also if the first one was reset
			OUTER.forEach((name, values) -> {
				if (first.values(name).isEmpty()) {
					second.headers().remove(name, values);
				}
			});
		}
		assertThat(second.statusLine()).as(text).isEqualTo(first.statusLine());
		assertThat(replayed(second)).as(text).isEqualTo(replayed(first));
		assertSame(second, first, "the replay of " + text);
		if (stored) {
			assertThat(second.values("Set-Cookie")).as(text).isEmpty();
			assertThat(second.values("X-Excluded")).as(text).isEmpty();
		}
	}

	/**
	 * How a large body is framed depends on the pieces in which the container gets it.
	 */
	private static List<String> apart(int size) {
		return (size > LARGE) ? List.of("date", "content-length", "transfer-encoding") : List.of("date");
	}

	/**
	 * Tomcat tells equal lines of one header only once, so they are stored once; and it
	 * drops white space from a content type that names its charset from the start.
	 */
	private static Map<String, List<String>> replayed(Answer answer) {
		Map<String, List<String>> headers = answer.headersBut(NOT_REPLAYED);
		if (ServerUnderTest.current() == ServerUnderTest.TOMCAT) {
			headers.replaceAll((name, lines) -> lines.stream().distinct().toList());
			headers.computeIfPresent("Content-Type", (name, lines) -> List.of(lines.get(0).replace("; ", ";")));
		}
		return headers;
	}

	private static void assertSame(Answer actual, Answer expected, String text) {
		assertThat(Arrays.mismatch(actual.body(), expected.body()))
			.as("first different byte of %d, where %d are expected, in %s", actual.body().length,
					expected.body().length, text)
			.isEqualTo(-1);
	}

	/**
	 * On one connection if it stays open, where a byte too many or too few would be seen.
	 */
	private static List<Answer> twice(String path, String key, String text) throws IOException {
		try (RawHttp connection = new RawHttp(port)) {
			Answer first = connection.post(path, "", key).read();
			if (!first.closes()) {
				return List.of(first, connection.post(path, "", key).read());
			}
			try (RawHttp another = new RawHttp(port)) {
				return List.of(first, another.post(path, "", key).read());
			}
		}
		catch (IOException ex) {
			throw new IOException(text, ex);
		}
	}

}
