package io.idempotency.documentation;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.idempotency.testsupport.FencedBlock;
import io.idempotency.testsupport.PageCompiler;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.testkit.engine.EngineTestKit;

import static org.assertj.core.api.Assertions.assertThat;

/** Java that a page shows compiles: {@link JavaSnippet} says as what. */
class DocumentedJavaTests {

	@TempDir
	private static Path directory;

	@BeforeAll
	static void wholeFilesCompileWithoutAWarning() throws IOException {
		assertThat(compile("all,-classfile", Pages.blocks("java").stream().filter(JavaSnippet::isFile).toList()))
			.isEmpty();
	}

	@Test
	void piecesCompile() throws IOException {
		assertThat(
				compile("none", Pages.blocks("java").stream().filter((block) -> !JavaSnippet.isFile(block)).toList()))
			.isEmpty();
	}

	@Test
	void storeOfThePageDoesWhatStoresHaveToDo() throws Exception {
		FencedBlock test = Pages.blocks("java")
			.stream()
			.filter((block) -> block.content().contains("extends IdempotencyStoreContract"))
			.findFirst()
			.orElseThrow();
		String name = JavaSnippet.of(test, "").name().replace('/', '.');
		try (URLClassLoader loader = new URLClassLoader(new URL[] { directory.toUri().toURL() },
				getClass().getClassLoader())) {
			EngineTestKit.engine("junit-jupiter")
				.selectors(DiscoverySelectors.selectClass(loader.loadClass(name)))
				.execute()
				.testEvents()
				.assertStatistics((all) -> all.failed(0).skipped(0))
				.succeeded()
				.assertThatEvents()
				.hasSizeGreaterThan(20);
		}
	}

	@Test
	void pieceThatIsWrongIsFound() throws IOException {
		assertThat(compile("none", List.of(piece("int written = \"text\";")))).singleElement()
			.asString()
			.contains("incompatible types");
		assertThat(compile("none", List.of(piece("@Bean\nUnheardOf bean() { … }")))).singleElement()
			.asString()
			.contains("UnheardOf");
		assertThat(compile("none", List.of(piece("this is no Java")))).isNotEmpty();
	}

	@Test
	void piecesMayBeStatementsOrMembersOrAnExpression() throws IOException {
		assertThat(compile("none", List.of(piece("for (int i = 0; i < 3; i++) {\n}"),
				piece("int answer() { … }\nint other;"), piece("List.of(1)"))))
			.isEmpty();
	}

	private static FencedBlock piece(String content) {
		return new FencedBlock("page", content.hashCode() & Integer.MAX_VALUE, "java", content + "\n", "");
	}

	private static List<String> compile(String lint, List<FencedBlock> blocks) throws IOException {
		String imports = imports();
		Map<String, String> sources = new TreeMap<>();
		for (FencedBlock block : blocks) {
			JavaSnippet snippet = JavaSnippet.of(block, imports);
			sources.put(snippet.name(), snippet.source());
		}
		assertThat(sources).hasSameSizeAs(blocks).isNotEmpty();
		return PageCompiler.compile(directory, lint, sources);
	}

	private static String imports() throws IOException {
		try (InputStream list = DocumentedJavaTests.class.getResourceAsStream("imports.txt")) {
			return new String(list.readAllBytes(), StandardCharsets.UTF_8).lines()
				.map((type) -> "import " + type + ";")
				.collect(Collectors.joining(" "));
		}
	}

}
