package io.idempotency.testsupport;

import java.util.List;
import java.util.function.Predicate;

import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import org.awaitility.Awaitility;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Lets an application export its spans into memory, by OpenTelemetry and each as it ends.
 */
@Configuration(proxyBeanMethods = false)
public class RecordedSpans {

	/** What an application needs besides, so that all spans are exported. */
	public static final String ALL = "management.tracing.sampling.probability=1.0";

	private final InMemorySpanExporter exporter = InMemorySpanExporter.create();

	@Bean
	SpanProcessor recordingSpanProcessor() {
		return SimpleSpanProcessor.create(this.exporter);
	}

	public void forget() {
		this.exporter.reset();
	}

	public List<SpanData> all() {
		return List.copyOf(this.exporter.getFinishedSpanItems());
	}

	/** Waits for the first span of a name: a client has its answer before it ends. */
	public SpanData await(String name) {
		return await(name, (span) -> span.getName().equals(name));
	}

	/**
	 * The span around another one: that of an earlier request may end later than its
	 * answer.
	 */
	public SpanData awaitParent(SpanData span) {
		return await("around " + span.getName(), (other) -> other.getSpanId().equals(span.getParentSpanId()));
	}

	private SpanData await(String what, Predicate<SpanData> wanted) {
		Awaitility.await()
			.untilAsserted(() -> assertThat(all()).as("a span %s among %s", what, names()).anyMatch(wanted));
		return all().stream().filter(wanted).findFirst().orElseThrow();
	}

	private List<String> names() {
		return all().stream().map(SpanData::getName).toList();
	}

}
