package io.idempotency.documentation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.idempotency.observation.IdempotencyMeter;
import io.idempotency.testsupport.FencedBlock;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** A property that a page names exists, in its blocks and in its sentences. */
class DocumentedSettingsTests {

	/** Of ours or of Spring Boot's, in code within a sentence or a table. */
	private static final Pattern NAME = Pattern
		.compile("`-{0,2}((?:idempotency|spring|management|server)(?:\\.[a-z0-9-]+)+)[^`\\w]?[^`]*`");

	/** Of modules of Spring Boot that are not on the class path here. */
	private static final Set<String> ELSEWHERE = Set.of("spring.reactor.context-propagation");

	private final KnownProperties known;

	DocumentedSettingsTests() throws IOException {
		this.known = new KnownProperties();
	}

	@Test
	void propertiesOfBlocksExist() throws IOException {
		List<String> unknown = new ArrayList<>();
		for (FencedBlock block : Pages.blocks("yaml", "properties")) {
			block.properties()
				.keySet()
				.stream()
				.filter((name) -> !this.known.has(name))
				.forEach((name) -> unknown.add(block + " " + name));
		}
		assertThat(unknown).isEmpty();
	}

	@Test
	void propertiesOfSentencesExist() throws IOException {
		List<String> unknown = new ArrayList<>();
		for (String page : Pages.all()) {
			Matcher name = NAME.matcher(Pages.prose(page));
			while (name.find()) {
				if (!this.known.hasOrBegins(name.group(1)) && !isMeter(name.group(1))
						&& !ELSEWHERE.contains(name.group(1))) {
					unknown.add(page + " " + name.group(1));
				}
			}
		}
		assertThat(unknown).isEmpty();
	}

	private static boolean isMeter(String name) {
		return Arrays.stream(IdempotencyMeter.values()).anyMatch((meter) -> meter.getName().equals(name));
	}

	@Test
	void bothNotationsAreRead() throws IOException {
		assertThat(new FencedBlock("page", 1, "yaml", "a:\n  b: c\n", "").properties()).containsOnlyKeys("a.b");
		assertThat(new FencedBlock("page", 1, "properties", "a.b=c\n", "").properties()).containsOnlyKeys("a.b");
	}

	@Test
	void propertiesOfSpringBootAndOfThisLibraryAreKnown() {
		assertThat(this.known.has("idempotency.http.unstored-statuses[3]")).isTrue();
		assertThat(this.known.has("spring.data.redis.host")).isTrue();
		assertThat(this.known.has("logging.level.io.idempotency")).isTrue();
		assertThat(this.known.has("idempotency.http")).isFalse();
		assertThat(this.known.hasOrBegins("idempotency.http")).isTrue();
		assertThat(this.known.hasOrBegins("idempotency.htt")).isFalse();
	}

}
