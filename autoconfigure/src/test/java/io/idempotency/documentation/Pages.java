package io.idempotency.documentation;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import io.idempotency.testsupport.FencedBlock;

/** All that users and contributors are given to read. */
final class Pages {

	static final Path ROOT = Path.of("..");

	private Pages() {
	}

	/** Their paths, relative to the repository. */
	static List<String> all() throws IOException {
		try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
			return Stream.concat(Stream.of("README.md", "CHANGELOG.md", "CONTRIBUTING.md"),
					docs.map((file) -> "docs/" + file.getFileName()).filter((page) -> page.endsWith(".md")).sorted())
				.toList();
		}
	}

	static String text(String page) {
		try {
			return Files.readString(ROOT.resolve(page));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** The blocks of all pages in one of these languages. */
	static List<FencedBlock> blocks(String... languages) throws IOException {
		List<String> wanted = List.of(languages);
		Stream<FencedBlock> blocks = Stream.of();
		for (String page : all()) {
			blocks = Stream.concat(blocks, FencedBlock.of(page).stream());
		}
		return blocks.filter((block) -> wanted.isEmpty() || wanted.contains(block.language())).toList();
	}

	/** Their prose: without blocks of code. */
	static String prose(String page) {
		return text(page).replaceAll("(?ms)^( *)```.*?^\\1```$", "");
	}

}
