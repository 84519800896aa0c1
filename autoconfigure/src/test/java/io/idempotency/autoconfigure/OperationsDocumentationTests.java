package io.idempotency.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.idempotency.IdempotencyTemplate;
import io.idempotency.IdempotentStream;
import io.idempotency.OperationInProgressException;
import io.idempotency.PayloadMismatchException;
import io.idempotency.observation.IdempotencyMeter;
import io.idempotency.observation.MeterTag;
import io.idempotency.observation.Outcome;
import io.idempotency.observation.PositionOutcome;
import io.idempotency.observation.StoreMetrics;
import io.idempotency.testsupport.PromQuery;
import io.micrometer.common.docs.KeyName;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Alert rules and dashboard ask for what a scrape of Prometheus has. */
class OperationsDocumentationTests {

	private static final Path DOCUMENTS = Path.of("..", "docs", "operations");

	/** What Prometheus adds to each sample. */
	private static final Set<String> OF_PROMETHEUS = Set.of("job", "instance");

	private static final Pattern LABEL = Pattern.compile("(\\w+)=\"[^\"]*\"");

	/** Names of the samples and their labels. */
	private static final Map<String, Set<String>> scraped = new TreeMap<>();

	private static ConfigurableApplicationContext application;

	@BeforeAll
	static void scrape() {
		application = new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.properties("idempotency.store=memory", "spring.main.banner-mode=off", "logging.level.root=warn",
					"spring.datasource.generate-unique-name=true")
			.run();
		haveEverythingHappen(application.getBean(IdempotencyTemplate.class), application.getBean(Positions.class));
		application.getBean(PrometheusMeterRegistry.class)
			.scrape()
			.lines()
			.filter((line) -> !line.startsWith("#"))
			.forEach((line) -> scraped.put(line.split("[{ ]", 2)[0],
					LABEL.matcher(line).results().map((label) -> label.group(1)).collect(Collectors.toSet())));
	}

	/** Some meters are born with what they count. */
	private static void haveEverythingHappen(IdempotencyTemplate template, Positions positions) {
		IdempotencyTemplate.Call call = template.operation("orders").key("key");
		call.run(() -> assertThatExceptionOfType(OperationInProgressException.class).isThrownBy(() -> call.run(() -> {
		})));
		call.run(() -> {
		});
		assertThatExceptionOfType(PayloadMismatchException.class)
			.isThrownBy(() -> call.fingerprint("another").run(() -> {
			}));
		positions.handle(1);
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@ParameterizedTest
	@MethodSource
	void everyMeterIsInTheScrape(IdempotencyMeter meter, List<String> names) {
		Set<String> labels = Arrays.stream(meter.getKeyNames()).map(KeyName::asString).collect(Collectors.toSet());
		assertThat(names).allSatisfy((name) -> assertThat(scraped).containsEntry(name, labels));
	}

	static Stream<Arguments> everyMeterIsInTheScrape() {
		return Arrays.stream(IdempotencyMeter.values()).map((meter) -> Arguments.of(meter, names(meter)));
	}

	private static List<String> names(IdempotencyMeter meter) {
		String name = meter.getName().replace('.', '_');
		return switch (meter.getType()) {
			case COUNTER -> List.of(name + "_total");
			case TIMER -> List.of(name + "_seconds_count", name + "_seconds_sum", name + "_seconds_max");
			default -> List.of(name);
		};
	}

	@Test
	void alertsAskForWhatThereIs() throws IOException {
		List<String> expressions = alerts();
		assertThat(expressions).hasSizeGreaterThan(5);
		assertThat(expressions).allSatisfy(OperationsDocumentationTests::assertAnswerable);
	}

	@Test
	void dashboardAsksForWhatThereIs() throws IOException {
		List<String> expressions = dashboard();
		assertThat(expressions).hasSizeGreaterThan(15);
		assertThat(expressions).allSatisfy(OperationsDocumentationTests::assertAnswerable);
	}

	@Test
	void dashboardShowsEveryMeter() throws IOException {
		String asked = String.join("\n", dashboard());
		assertThat(IdempotencyMeter.values())
			.allSatisfy((meter) -> assertThat(names(meter)).anyMatch((name) -> asked.contains(name)));
	}

	@Test
	@SuppressWarnings("unchecked")
	void everyAlertIsExplained() throws IOException {
		String text = Files.readString(Path.of("..", "docs", "operations.md"));
		for (Map<String, Object> rule : rules()) {
			assertThat(text).contains("`" + rule.get("alert") + "`");
			assertThat((Map<String, Object>) rule.get("labels")).containsKey("severity");
			assertThat((Map<String, Object>) rule.get("annotations")).containsKey("summary");
		}
		assertThat(IdempotencyMeter.values()).allMatch((meter) -> text.contains("`" + meter.getName() + "`"));
	}

	private static void assertAnswerable(String expression) {
		PromQuery query = PromQuery.parse(expression);
		assertThat(query.selectors()).as(expression).isNotEmpty();
		Set<String> labels = new TreeSet<>(OF_PROMETHEUS);
		query.selectors().forEach((selector) -> {
			assertThat(scraped).as(expression).containsKey(selector.metric());
			Set<String> own = scraped.get(selector.metric());
			labels.addAll(own);
			selector.matchers().forEach((label, value) -> {
				assertThat(Stream.concat(own.stream(), OF_PROMETHEUS.stream())).as(expression).contains(label);
				Set<String> known = values(selector.metric(), label);
				if (!known.isEmpty()) {
					assertThat(known).as(expression).contains(value.split("\\|"));
				}
			});
		});
		assertThat(query.grouping()).as(expression).isSubsetOf(labels);
	}

	/** All values that a label can have, if they are known. */
	private static Set<String> values(String metric, String label) {
		if (label.equals(MeterTag.REASON.asString())) {
			return Set.of(Outcome.IN_PROGRESS.tag(), Outcome.PAYLOAD_MISMATCH.tag());
		}
		if (label.equals(MeterTag.COMMAND.asString())) {
			return tags(StoreMetrics.Command.values());
		}
		if (!label.equals(MeterTag.OUTCOME.asString())) {
			return Set.of();
		}
		if (metric.startsWith("idempotency_store_")) {
			return tags(StoreMetrics.Answer.values());
		}
		return metric.startsWith("idempotency_stream_") ? tags(PositionOutcome.values()) : tags(Outcome.values());
	}

	private static Set<String> tags(Enum<?>[] constants) {
		return Arrays.stream(constants)
			.map((constant) -> constant.name().toLowerCase(Locale.ROOT))
			.collect(Collectors.toSet());
	}

	private static List<String> alerts() throws IOException {
		return rules().stream().map((rule) -> (String) rule.get("expr")).toList();
	}

	@SuppressWarnings("unchecked")
	private static List<Map<String, Object>> rules() throws IOException {
		Map<String, Object> document = new Yaml().load(Files.readString(DOCUMENTS.resolve("alerts.yml")));
		return ((List<Map<String, Object>>) document.get("groups")).stream()
			.flatMap((group) -> ((List<Map<String, Object>>) group.get("rules")).stream())
			.toList();
	}

	private static List<String> dashboard() throws IOException {
		JsonNode dashboard = new JsonMapper().readTree(DOCUMENTS.resolve("grafana-dashboard.json").toFile());
		List<String> expressions = new ArrayList<>();
		dashboard.findValues("expr").forEach((expression) -> expressions.add(expression.asString()));
		dashboard.findValues("definition").forEach((definition) -> expressions.add(definition.asString()));
		return expressions;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@Import(Positions.class)
	static class Application {

	}

	static class Positions {

		@IdempotentStream(stream = "'events'", position = "#position", operation = "bookings")
		public void handle(long position) {
		}

	}

}
