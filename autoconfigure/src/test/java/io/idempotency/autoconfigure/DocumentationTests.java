package io.idempotency.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.idempotency.Idempotent;
import io.idempotency.observation.IdempotencyMeter;
import io.idempotency.observation.Outcome;
import io.idempotency.observation.PositionOutcome;
import io.idempotency.store.jdbc.JdbcIdempotencyStore;
import io.micrometer.common.docs.KeyName;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.unit.DataSize;

import static org.assertj.core.api.Assertions.assertThat;

/** The tables of the pages say what is true, all of it, and nothing else. */
class DocumentationTests {

	private static final Path README = Path.of("..", "README.md");

	private static final Path REFERENCE = Path.of("..", "docs", "configuration.md");

	@Test
	void propertiesTypesAndDefaultsAreThoseOfTheMetadata() throws Exception {
		Map<String, List<String>> documented = new TreeMap<>();
		for (List<String> row : rows(REFERENCE, "", 4)) {
			documented.put(row.get(0), row);
		}
		Map<String, JsonNode> existing = new TreeMap<>();
		try (InputStream metadata = getClass().getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			for (JsonNode property : new JsonMapper().readTree(metadata).get("properties")) {
				assertThat(property.path("description").asString()).as(property.toString()).isNotBlank();
				existing.put(property.get("name").asString(), property);
			}
		}
		assertThat(documented.keySet()).isEqualTo(existing.keySet());
		for (String name : documented.keySet()) {
			List<String> row = documented.get(name);
			JsonNode property = existing.get(name);
			assertThat(row.get(1)).as(name).isEqualTo(type(property.get("type").asString()));
			String value = property.path("defaultValue").asString("").replaceAll("[\\[\\]]", "").replace('_', '-');
			assertThat(same(row.get(2), value)).as(name + " " + value).isTrue();
			assertThat(row.get(3)).as(name).isNotEmpty();
			if (row.get(1).equals("choice")) {
				assertThat(choices(property.get("type").asString())).as(name)
					.allMatch((choice) -> row.get(3).contains(choice));
			}
		}
	}

	/** As the page calls it. */
	private static String type(String type) {
		return switch (type) {
			case "java.lang.Boolean" -> "boolean";
			case "java.lang.Integer" -> "number";
			case "java.lang.String" -> "text";
			case "java.net.URI" -> "URI";
			case "java.time.Duration" -> "duration";
			case "java.util.List<java.lang.String>" -> "list";
			case "org.springframework.util.unit.DataSize" -> "size";
			default -> "choice";
		};
	}

	/** What may be said. */
	private static Stream<String> choices(String type) throws ClassNotFoundException {
		return Arrays.stream(Class.forName(type).getEnumConstants())
			.map((value) -> ((Enum<?>) value).name().toLowerCase(Locale.ROOT).replace('_', '-'))
			.filter((value) -> !value.equals("default") || type.endsWith("TransactionIsolation"));
	}

	@Test
	void propertiesOfTheReadmeAreThoseOfTheReference() throws IOException {
		List<List<String>> reference = rows(REFERENCE, "idempotency.", 4).stream()
			.map((row) -> List.of(row.get(0), row.get(2), row.get(3)))
			.toList();
		List<List<String>> readme = rows(README, "idempotency.", 3);
		assertThat(readme).isNotEmpty().isSubsetOf(reference);
	}

	@Test
	void hintsAreOfPropertiesThatExist() throws IOException {
		JsonNode metadata;
		try (InputStream stream = getClass().getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			metadata = new JsonMapper().readTree(stream);
		}
		List<String> hints = metadata.get("hints").findValuesAsString("name");
		assertThat(hints).contains("idempotency.store", "idempotency.encryption.keyset");
		assertThat(metadata.get("properties").findValuesAsString("name"))
			.containsAll(hints.stream().filter((name) -> name.startsWith("idempotency.")).toList());
	}

	private static boolean same(String documented, String existing) {
		return documented.equals(existing) || (documented.endsWith("MB") && existing.endsWith("MB")
				&& DataSize.parse(documented).equals(DataSize.parse(existing)));
	}

	@Test
	void metersAndTagsAreThoseOfTheCode() throws IOException {
		Map<String, List<String>> documented = new TreeMap<>();
		for (List<String> row : rows(README, "idempotency.", 4)) {
			documented.put(row.get(0), Arrays.stream(row.get(2).split(", ")).filter((tag) -> !tag.isEmpty()).toList());
		}
		assertThat(documented).isEqualTo(Arrays.stream(IdempotencyMeter.values())
			.collect(Collectors.toMap(IdempotencyMeter::getName,
					(meter) -> Arrays.stream(meter.getKeyNames()).map(KeyName::asString).toList())));
		String text = Files.readString(README);
		assertThat(Outcome.values()).allMatch((outcome) -> text.contains("`" + outcome.tag() + "`"));
		assertThat(PositionOutcome.values()).allMatch((outcome) -> text.contains("`" + outcome.tag() + "`"));
	}

	@Test
	void attributesAreAllNamed() throws IOException {
		String text = Files.readString(README);
		assertThat(Idempotent.class.getDeclaredMethods())
			.allMatch((attribute) -> text.contains("`" + attribute.getName() + "`"));
	}

	/** Those that the page on symptoms quotes. */
	@Test
	void descriptionsOfFailedStartsAreThoseOfTheCode() throws IOException {
		String page = Files.readString(Path.of("..", "docs", "troubleshooting.md"));
		List<String> quoted = Pattern.compile("^\\| `([^`]+)` \\|", Pattern.MULTILINE)
			.matcher(page.substring(page.indexOf("## The start fails")))
			.results()
			.map((row) -> row.group(1))
			.toList();
		assertThat(quoted).hasSizeGreaterThan(5);
		StringBuilder code = new StringBuilder();
		try (Stream<Path> sources = Files.walk(Path.of("src", "main", "java"))) {
			for (Path source : sources.filter((file) -> file.toString().endsWith(".java")).toList()) {
				code.append(Files.readString(source).replaceAll("\"\\s*\\+\\s*\"", ""));
			}
		}
		assertThat(quoted).allMatch((text) -> code.indexOf(text) >= 0);
	}

	@Test
	void versionOfTinkIsTheOneThatIsTested() throws IOException {
		String pom = Files.readString(Path.of("..", "pom.xml"));
		String version = pom.replaceAll("(?s).*<tink.version>(.*?)</tink.version>.*", "$1");
		assertThat(Files.readString(Path.of("..", "docs", "security.md")))
			.contains("<version>" + version + "</version>");
	}

	@Test
	void tablesAreThoseOfTheScripts() throws IOException {
		String text = Files.readString(Path.of("..", "docs", "jdbc.md"));
		for (String vendor : List.of("postgresql", "mysql", "mariadb", "h2")) {
			String name = "schema-" + vendor + ".sql";
			try (InputStream script = JdbcIdempotencyStore.class.getResourceAsStream(name)) {
				assertThat(text).contains("`" + name + "`:\n\n```sql\n"
						+ new String(script.readAllBytes(), StandardCharsets.UTF_8).strip() + "\n```\n");
			}
		}
	}

	/** The table rows with that many columns whose first cell starts like that. */
	private static List<List<String>> rows(Path page, String start, int columns) throws IOException {
		return Files.readAllLines(page)
			.stream()
			.filter((line) -> line.startsWith("| `" + start))
			.map((line) -> Arrays.stream(line.substring(1, line.length() - 1).split("\\|"))
				.map((cell) -> cell.strip().replace("`", ""))
				.toList())
			.filter((cells) -> cells.size() == columns)
			.toList();
	}

}
