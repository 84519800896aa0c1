package io.idempotency.documentation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.idempotency.testsupport.FencedBlock;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Commands of a page are run, or name what exists.
 * <ul>
 * <li>{@code bash} stands on pages that are played: each block is followed by its answer,
 * or belongs to a step that {@code .ci/NewUser.java} makes.</li>
 * <li>Blocks without a language are commands of Maven or Java, whose modules, tests,
 * groups and classes exist, or they are in {@link #NOT_CHECKED}.</li>
 * </ul>
 */
class DocumentedCommandsTests {

	/** The languages that there is a test for. */
	private static final Set<String> LANGUAGES = Set.of("java", "yaml", "properties", "json", "xml", "sql", "bash",
			"http", "");

	/** Page and how the first line of a block begins, and why nothing looks at it. */
	private static final Map<String, String> NOT_CHECKED = Map.ofEntries(
			Map.entry("docs/how-it-works.md: client ", "a drawing"),
			Map.entry("docs/chains.md: first run ", "a drawing"),
			Map.entry("docs/orders.md: POST /orders ", "a drawing"), Map.entry("docs/orders.md: outbox ", "a drawing"),
			Map.entry("docs/orders.md: curl ",
					"no answers stand there; tests of the sample application make these requests"),
			Map.entry("docs/handlers.md: redis-cli --scan ", "needs the digest of a record that is held"),
			Map.entry("docs/redis.md: ACL SETUSER ", "RedisAcl tries right by right"),
			Map.entry("docs/security.md: tinkey create-keyset ", "tinkey is no part of the build"),
			Map.entry("docs/performance.md: mvn -pl benchmarks ",
					"takes an hour; .ci/run starts the same classes for a moment"),
			Map.entry("docs/sagas.md:             seat ", "a drawing"), Map.entry("docs/sagas.md: curl ",
					"no answers stand there; tests of the sample application make these requests"));

	@Test
	void everyLanguageHasATest() throws IOException {
		assertThat(Pages.blocks()).allSatisfy((block) -> assertThat(LANGUAGES).contains(block.language()));
	}

	@Test
	void fencesAreAllSeen() throws IOException {
		for (String page : Pages.all()) {
			assertThat(Pages.prose(page)).as(page).doesNotContain("```");
		}
	}

	@Test
	void dialogueOfTheReadmeIsPlayedAsAWhole() throws IOException {
		assertThat(Files.readString(Path.of("..", ".ci", "run"))).contains("ReadmeDialogue.java README.md")
			.contains("NewUser.java");
		assertThat(Pages.blocks("bash")).isNotEmpty().allSatisfy((block) -> {
			if (block.page().equals("README.md")) {
				assertThat(block.after()).matches("(?s)\\s+```(http|json)\\n.*");
			}
			else {
				assertThat(block.page()).isEqualTo("docs/getting-started.md");
			}
		});
		assertThat(Pages.blocks("http"))
			.allSatisfy((block) -> assertThat(block.page()).isIn("README.md", "docs/getting-started.md"));
	}

	@Test
	void commandsNameWhatExists() throws IOException {
		List<String> sources;
		try (Stream<Path> files = Files.walk(Pages.ROOT)) {
			sources = files.map((file) -> Pages.ROOT.relativize(file).toString().replace('\\', '/'))
				.filter((file) -> file.endsWith(".java"))
				.toList();
		}
		List<String> wrong = new ArrayList<>();
		for (FencedBlock block : Pages.blocks("")) {
			if (NOT_CHECKED.keySet().stream().anyMatch((start) -> begins(block, start))) {
				continue;
			}
			block.content()
				.replace("\\\n", "")
				.lines()
				.forEach((line) -> wrong(line, sources).forEach((what) -> wrong.add(block + " " + what)));
		}
		assertThat(wrong).isEmpty();
	}

	@Test
	void whatIsNotCheckedStandsThere() throws IOException {
		List<FencedBlock> blocks = Pages.blocks("");
		assertThat(NOT_CHECKED.keySet()).allMatch((start) -> blocks.stream().anyMatch((block) -> begins(block, start)));
	}

	private static boolean begins(FencedBlock block, String start) {
		return (block.page() + ": " + block.firstLine()).startsWith(start);
	}

	private static List<String> wrong(String line, List<String> sources) {
		if (!line.matches("mvn .*|java .*-cp .*")) {
			return List.of("is neither checked nor said to be unchecked: " + line);
		}
		List<String> wrong = new ArrayList<>();
		names(line, "-pl (\\S+)").filter((module) -> !Files.exists(Pages.ROOT.resolve(module).resolve("pom.xml")))
			.forEach(wrong::add);
		names(line, "-D(?:it\\.)?test=(\\S+)")
			.filter((test) -> sources.stream().noneMatch((source) -> source.endsWith("/" + test + ".java")))
			.forEach(wrong::add);
		names(line, "(io\\.idempotency(?:\\.\\w+)+)")
			.filter((type) -> sources.stream()
				.noneMatch((source) -> source.endsWith("src/main/java/" + type.replace('.', '/') + ".java")))
			.forEach(wrong::add);
		names(line, "-Dincluded\\.test\\.groups=(\\S+)").filter((group) -> !Pages.text("pom.xml").contains(group))
			.forEach(wrong::add);
		return wrong;
	}

	private static Stream<String> names(String line, String pattern) {
		Matcher name = Pattern.compile(pattern).matcher(line);
		return name.results().flatMap((found) -> Arrays.stream(found.group(1).replace("'", "").split(",")));
	}

	@Test
	void commandThatNamesWhatDoesNotExistIsFound() {
		List<String> sources = List.of("benchmarks/src/main/java/io/idempotency/A.java", "x/SomeIT.java");
		assertThat(wrong("mvn -pl autoconfigure -Dit.test=SomeIT verify", sources)).isEmpty();
		assertThat(wrong("mvn -pl autoconf -Dit.test=OtherIT -Dincluded.test.groups=unheard-of verify", sources))
			.containsExactly("autoconf", "OtherIT", "unheard-of");
		assertThat(wrong("java -cp a.jar io.idempotency.B", sources)).containsExactly("io.idempotency.B");
		assertThat(wrong("rm -r all", sources)).hasSize(1);
	}

}
