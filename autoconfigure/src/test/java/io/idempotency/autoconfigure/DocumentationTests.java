package io.idempotency.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

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

/** The README's tables say what is true, all of it, and nothing else. */
class DocumentationTests {

	private static final Path README = Path.of("..", "README.md");

	@Test
	void propertiesAndDefaultsAreThoseOfTheMetadata() throws IOException {
		Map<String, String> documented = new TreeMap<>();
		for (List<String> row : rows("idempotency.", 3)) {
			documented.put(row.get(0), row.get(1));
		}
		Map<String, String> existing = new TreeMap<>();
		try (InputStream metadata = getClass().getResourceAsStream("/META-INF/spring-configuration-metadata.json")) {
			for (JsonNode property : new JsonMapper().readTree(metadata).get("properties")) {
				assertThat(property.path("description").asString()).as(property.toString()).isNotBlank();
				String name = property.get("name").asString();
				// what every endpoint of the Actuator has is documented there
				if (!name.startsWith("management.endpoint.idempotency.")) {
					existing.put(name, property.path("defaultValue").asString("").replaceAll("[\\[\\]]", ""));
				}
			}
		}
		assertThat(documented.keySet()).isEqualTo(existing.keySet());
		documented
			.forEach((name, value) -> assertThat(same(value, existing.get(name))).as(name + " " + value).isTrue());
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
		for (List<String> row : rows("idempotency.", 4)) {
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
	private static List<List<String>> rows(String start, int columns) throws IOException {
		return Files.readAllLines(README)
			.stream()
			.filter((line) -> line.startsWith("| `" + start))
			.map((line) -> Arrays.stream(line.substring(1, line.length() - 1).split("\\|"))
				.map((cell) -> cell.strip().replace("`", ""))
				.toList())
			.filter((cells) -> cells.size() == columns)
			.toList();
	}

}
