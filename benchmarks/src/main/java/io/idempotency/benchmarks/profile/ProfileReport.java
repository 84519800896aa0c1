package io.idempotency.benchmarks.profile;

import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;

/**
 * Prints the parts of a request and how many of the samples of its threads each has.
 * Samples are taken while Java code runs, so waiting and the kernel are not in it.
 *
 * <pre>
 * java -cp benchmarks/target/idempotency-benchmarks-0.1.0-SNAPSHOT.jar \
 *     io.idempotency.benchmarks.profile.ProfileReport recording.jfr
 * </pre>
 */
public final class ProfileReport {

	private static final String REQUEST_THREADS = "http-";

	private final Map<RequestPart, Integer> samples = new EnumMap<>(RequestPart.class);

	private int all;

	private ProfileReport() {
	}

	public static void main(String[] files) throws IOException {
		for (String file : files) {
			ProfileReport report = new ProfileReport();
			try (RecordingFile recording = new RecordingFile(Path.of(file))) {
				while (recording.hasMoreEvents()) {
					report.add(recording.readEvent());
				}
			}
			System.out.println(report);
		}
	}

	private void add(RecordedEvent event) {
		if (!event.getEventType().getName().equals("jdk.ExecutionSample") || event.getStackTrace() == null
				|| !event.getThread("sampledThread").getJavaName().startsWith(REQUEST_THREADS)) {
			return;
		}
		this.all++;
		this.samples.merge(part(event), 1, Integer::sum);
	}

	private static RequestPart part(RecordedEvent event) {
		for (RecordedFrame frame : event.getStackTrace().getFrames()) {
			String method = name(frame.getMethod());
			RequestPart part = RequestPart.of(method);
			if (part != RequestPart.REST || RequestPart.isCommon(method)) {
				return part;
			}
		}
		return RequestPart.REST;
	}

	private static String name(@Nullable RecordedMethod method) {
		return (method != null) ? method.getType().getName() + "." + method.getName() : "";
	}

	@Override
	public String toString() {
		StringBuilder text = new StringBuilder("| part | share of ").append(this.all)
			.append(" samples |\n|---|---:|\n");
		this.samples.forEach((part, count) -> text
			.append(String.format(Locale.ROOT, "| %s | %.1f %% |%n", part.title(), 100.0 * count / this.all)));
		return text.toString();
	}

}
