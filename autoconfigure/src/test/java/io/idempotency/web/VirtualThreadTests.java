package io.idempotency.web;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.idempotency.Idempotent;
import io.idempotency.InProgress;
import io.idempotency.testsupport.HttpDialogue;
import io.idempotency.testsupport.HttpDialogue.Answer;
import jakarta.servlet.Filter;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedStackTrace;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The handlers run on virtual threads, on a JDK that has them. */
@EnabledForJreRange(min = JRE.JAVA_21)
class VirtualThreadTests {

	private static final int DUPLICATES = 200;

	private static ConfigurableApplicationContext application;

	private static TestHandlers.Runs runs;

	private static HttpDialogue client;

	private final String key = UUID.randomUUID().toString();

	@BeforeAll
	static void start() {
		// Jetty has a limit for virtual threads too, and its acceptor and selector count
		application = WebTestApplication.start(new Class<?>[] { Handlers.class }, "spring.threads.virtual.enabled=true",
				"server.jetty.threads.max=400", "idempotency.wait-timeout=20s");
		runs = application.getBean(TestHandlers.Runs.class);
		client = WebTestApplication.client(application);
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@Test
	void duplicatesAreRejectedAndTheMethodRunsOnce() throws Exception {
		runs.closeGate();
		List<CompletableFuture<Answer>> calls = calls("/virtual/reject");
		await().until(() -> calls.stream().filter(CompletableFuture::isDone).count() == DUPLICATES - 1);
		runs.gate.countDown();
		int executed = 0;
		for (CompletableFuture<Answer> call : calls) {
			Answer answer = call.get(20, TimeUnit.SECONDS);
			executed += (answer.status() == 200) ? 1 : 0;
			assertThat(answer.status() == 200 || answer.problem().equals("in-progress")).isTrue();
		}
		assertThat(executed).isEqualTo(1);
		assertThat(runs.of("virtual-reject")).isEqualTo(1);
		assertThat(client.post("/virtual/reject", this.key, "{}").text()).isEqualTo("virtual true");
	}

	@Test
	void duplicatesWaitAndNothingOfOursPins(@TempDir Path folder) throws Exception {
		Path file = folder.resolve("pinned.jfr");
		try (Recording recording = new Recording()) {
			// classes are initialised once, and pin whoever waits for that
			for (int i = 0; i < 2; i++) {
				assertThat(client.post("/virtual/wait", this.key + "-warm", "{}").isReplay()).isEqualTo(i == 1);
			}
			int before = runs.of("virtual-wait");
			recording.enable("jdk.VirtualThreadPinned").withThreshold(Duration.ZERO).withStackTrace();
			recording.start();
			runs.closeGate();
			int arrivedBefore = runs.of("arrived");
			List<CompletableFuture<Answer>> calls = calls("/virtual/wait");
			await().untilAsserted(() -> assertThat(runs.of("arrived")).isEqualTo(arrivedBefore + DUPLICATES));
			assertThat(calls).noneMatch(CompletableFuture::isDone);
			runs.gate.countDown();
			int replayed = 0;
			for (CompletableFuture<Answer> call : calls) {
				Answer answer = call.get(20, TimeUnit.SECONDS);
				assertThat(answer.text()).isEqualTo("virtual true");
				replayed += answer.isReplay() ? 1 : 0;
			}
			assertThat(replayed).isEqualTo(DUPLICATES - 1);
			assertThat(runs.of("virtual-wait")).isEqualTo(before + 1);
			recording.stop();
			recording.dump(file);
		}
		assertThat(Files.size(file)).isPositive();
		assertThat(RecordingFile.readAllEvents(file)).filteredOn(VirtualThreadTests::isOurs).isEmpty();
	}

	/** A class is loaded once, and the JVM pins whoever waits for that. */
	private static boolean isOurs(RecordedEvent event) {
		RecordedStackTrace trace = event.getStackTrace();
		List<String> frames = (trace != null) ? trace.getFrames()
			.stream()
			.map((frame) -> frame.getMethod().getType().getName() + "." + frame.getMethod().getName())
			.toList() : List.of();
		return frames.stream().anyMatch((frame) -> frame.startsWith("io.idempotency."))
				&& frames.stream().noneMatch((frame) -> frame.matches(".*ClassLoader\\.loadClass|.*\\.<clinit>"));
	}

	private List<CompletableFuture<Answer>> calls(String path) {
		return IntStream.range(0, DUPLICATES).mapToObj((i) -> client.postAsync(path, this.key, "{}")).toList();
	}

	@RestController
	static class Handlers {

		private final TestHandlers.Runs runs;

		Handlers(TestHandlers.Runs runs) {
			this.runs = runs;
		}

		private String work(String name) throws Exception {
			this.runs.count(name);
			this.runs.pass();
			// by reflection: the tests are compiled for a Java that has no such method
			return "virtual " + Thread.class.getMethod("isVirtual").invoke(Thread.currentThread());
		}

		@Idempotent
		@PostMapping("/virtual/reject")
		String reject(@RequestBody String body) throws Exception {
			return work("virtual-reject");
		}

		@Idempotent(inProgress = InProgress.WAIT, waitTimeout = "20s")
		@PostMapping("/virtual/wait")
		String waiting(@RequestBody String body) throws Exception {
			return work("virtual-wait");
		}

		@Bean
		static Filter arrivals(TestHandlers.Runs runs) {
			return (request, response, chain) -> {
				runs.count("arrived");
				chain.doFilter(request, response);
			};
		}

	}

}
