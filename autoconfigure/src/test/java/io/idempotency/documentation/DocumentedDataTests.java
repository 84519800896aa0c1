package io.idempotency.documentation;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import javax.xml.parsers.DocumentBuilderFactory;

import io.idempotency.store.jdbc.JdbcIdempotencyStore;
import io.idempotency.testsupport.FencedBlock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MappingIterator;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.namedparam.NamedParameterUtils;
import org.springframework.jdbc.datasource.init.ScriptUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * JSON of a page can be read, its dependencies are there, its statements fit their
 * tables.
 */
class DocumentedDataTests {

	@ParameterizedTest
	@MethodSource
	void json(FencedBlock block) {
		try (MappingIterator<JsonNode> values = new JsonMapper().readerFor(JsonNode.class)
			.readValues(block.content())) {
			assertThat(values.readAll()).isNotEmpty();
		}
	}

	static List<FencedBlock> json() throws IOException {
		return Pages.blocks("json");
	}

	/** Plugins that Spring Boot's parent knows, and this build does not use. */
	private static final Set<String> PLUGINS = Set.of("native-maven-plugin");

	@ParameterizedTest
	@MethodSource
	void xml(FencedBlock block) throws Exception {
		Document content = DocumentBuilderFactory.newInstance()
			.newDocumentBuilder()
			.parse(new InputSource(new StringReader("<all>" + block.content() + "</all>")));
		NodeList dependencies = content.getElementsByTagName("dependency");
		NodeList plugins = content.getElementsByTagName("plugin");
		assertThat(dependencies.getLength() + plugins.getLength()).isPositive();
		for (int i = 0; i < dependencies.getLength(); i++) {
			assertExists((Element) dependencies.item(i));
		}
		for (int i = 0; i < plugins.getLength(); i++) {
			assertThat(PLUGINS).contains(text((Element) plugins.item(i), "artifactId"));
		}
	}

	static List<FencedBlock> xml() throws IOException {
		return Pages.blocks("xml");
	}

	/**
	 * A module of this build in its version, or what is on the class path of these tests.
	 */
	private static void assertExists(Element dependency) throws IOException {
		String artifact = text(dependency, "artifactId");
		String version = text(dependency, "version");
		if (text(dependency, "groupId").equals("io.idempotency")) {
			assertThat(Pages.text("pom.xml")).contains("<version>" + version + "</version>");
			try (Stream<Path> modules = Files.list(Pages.ROOT)) {
				assertThat(modules.map((module) -> module.resolve("pom.xml")).filter(Files::exists).toList())
					.as(artifact)
					.anySatisfy((pom) -> assertThat(pom).content()
						.contains("<artifactId>" + artifact + "</artifactId>\n\t<name>"));
			}
		}
		else {
			String jar = "/" + artifact + "-" + (version.isEmpty() ? "[0-9.]+" : version) + "\\.jar";
			assertThat(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")))
				.containsPattern(jar);
		}
	}

	private static String text(Element dependency, String name) {
		NodeList found = dependency.getElementsByTagName(name);
		return (found.getLength() > 0) ? found.item(0).getTextContent() : "";
	}

	/**
	 * The scripts of the JDBC store, which its contract tests run, or statements of H2 in
	 * the tables of {@code tables.sql}.
	 */
	@ParameterizedTest
	@MethodSource
	void sql(FencedBlock block) throws Exception {
		if (scripts().contains(block.content().strip())) {
			return;
		}
		try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:;MODE=PostgreSQL")) {
			ScriptUtils.executeSqlScript(connection, new ClassPathResource("tables.sql", getClass()));
			for (String statement : block.content().split(";\\s*\\R|;\\s*$")) {
				String sql = NamedParameterUtils
					.substituteNamedParameters(NamedParameterUtils.parseSqlStatement(statement), null);
				try (PreparedStatement prepared = connection.prepareStatement(sql)) {
					if (prepared.getParameterMetaData().getParameterCount() == 0) {
						prepared.execute();
					}
				}
			}
		}
	}

	static List<FencedBlock> sql() throws IOException {
		return Pages.blocks("sql");
	}

	private static List<String> scripts() throws IOException {
		List<String> scripts = new ArrayList<>();
		for (String vendor : List.of("postgresql", "mysql", "mariadb", "h2")) {
			try (InputStream script = JdbcIdempotencyStore.class.getResourceAsStream("schema-" + vendor + ".sql")) {
				scripts.add(new String(script.readAllBytes(), StandardCharsets.UTF_8).strip());
			}
		}
		return scripts;
	}

}
