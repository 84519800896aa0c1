package io.idempotency.documentation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;

import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

import static org.assertj.core.api.Assertions.assertThat;

/** Every link within the repository leads somewhere, and every page is on the map. */
class DocumentationLinksTests {

	/** Pages that are promised. Empty it once they are there. */
	private static final Set<String> PROMISED = Set.of();

	private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");

	private static final Pattern HEADING = Pattern.compile("^#+ (.+)$", Pattern.MULTILINE);

	@Test
	void linksLeadSomewhere() throws IOException {
		List<String> dead = new ArrayList<>();
		for (String page : Pages.all()) {
			Matcher link = LINK.matcher(Pages.prose(page));
			while (link.find()) {
				if (isDead(page, link.group(1))) {
					dead.add(page + " -> " + link.group(1));
				}
			}
		}
		assertThat(dead).isEmpty();
	}

	@Test
	void everyPageIsOnTheMap() throws IOException {
		String map = Pages.text("docs/index.md");
		assertThat(Pages.text("README.md")).contains("](docs/index.md)");
		assertThat(Pages.all().stream().filter((page) -> page.startsWith("docs/") && !page.equals("docs/index.md")))
			.allSatisfy((page) -> assertThat(map).contains("](" + page.substring("docs/".length())));
	}

	@Test
	void picturesSayInWordsWhatTheyShow() throws Exception {
		for (String page : Pages.all()) {
			assertThat(Pages.prose(page)).as(page).doesNotContain("![](");
		}
		Document states = DocumentBuilderFactory.newInstance()
			.newDocumentBuilder()
			.parse(Pages.ROOT.resolve("docs/images/states.svg").toFile());
		assertThat(states.getDocumentElement().getAttribute("aria-labelledby")).isEqualTo("title desc");
		String words = states.getElementsByTagName("desc").item(0).getTextContent();
		NodeList texts = states.getElementsByTagName("text");
		for (int i = 0; i < texts.getLength(); i++) {
			if (((Element) texts.item(i)).getAttribute("class").startsWith("name")) {
				assertThat(words).contains(texts.item(i).getTextContent());
			}
		}
	}

	private static boolean isDead(String page, String link) {
		if (link.contains("://")) {
			return false;
		}
		String[] parts = link.split("#", 2);
		Path target = parts[0].isEmpty() ? Path.of(page) : Path.of("/" + page).resolveSibling(parts[0]).normalize();
		String path = target.toString().replace('\\', '/').replaceFirst("^/", "");
		if (!Files.exists(Pages.ROOT.resolve(path))) {
			return !PROMISED.contains(path);
		}
		return parts.length == 2 && !anchors(Pages.text(path)).contains(parts[1]);
	}

	/** As GitHub makes them of headings. */
	private static List<String> anchors(String text) {
		Map<String, Integer> seen = new HashMap<>();
		return headings(text).map((heading) -> {
			String anchor = heading.replaceAll("\\[([^]]*)]\\([^)]*\\)", "$1")
				.toLowerCase(Locale.ROOT)
				.replaceAll("[^\\p{L}\\p{N} _-]", "")
				.replace(' ', '-');
			int times = seen.merge(anchor, 1, Integer::sum);
			return (times > 1) ? anchor + "-" + (times - 1) : anchor;
		}).toList();
	}

	private static Stream<String> headings(String text) {
		return HEADING.matcher(text.replaceAll("(?ms)^```.*?^```$", ""))
			.results()
			.map((found) -> found.group(1).strip());
	}

	@Test
	void deadLinksAreFound() {
		assertThat(isDead("README.md", "docs/redis.md#what-replication-can-promise")).isFalse();
		assertThat(isDead("docs/index.md", "../README.md#guarantees-and-limits")).isFalse();
		assertThat(isDead("docs/index.md", "redis.md#unheard-of")).isTrue();
		assertThat(isDead("docs/index.md", "unheard-of.md")).isTrue();
		assertThat(isDead("docs/redis.md", "#rights")).isFalse();
		assertThat(anchors("# A `b.c`: d_e\n\n## Twice\n\n## Twice\n")).containsExactly("a-bc-d_e", "twice", "twice-1");
	}

}
