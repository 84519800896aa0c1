package io.idempotency.documentation;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The properties that Spring Boot and this library know: all metadata on the class path.
 */
final class KnownProperties {

	private final Set<String> names = new TreeSet<>();

	private final Set<String> maps = new TreeSet<>();

	KnownProperties() throws IOException {
		for (String name : new String[] { "spring-configuration-metadata",
				"additional-spring-configuration-metadata" }) {
			for (URL metadata : Collections
				.list(getClass().getClassLoader().getResources("META-INF/" + name + ".json"))) {
				try (InputStream content = metadata.openStream()) {
					new JsonMapper().readTree(content).path("properties").forEach(this::add);
				}
			}
		}
	}

	private void add(JsonNode property) {
		String name = property.get("name").asString();
		this.names.add(name);
		if (property.path("type").asString("").startsWith("java.util.Map")) {
			this.maps.add(name);
		}
	}

	/** Whether it is one, or an element or entry of one. */
	boolean has(String name) {
		String property = name.replaceAll("\\[\\d+]$", "");
		return this.names.contains(property) || this.maps.stream().anyMatch((map) -> property.startsWith(map + "."));
	}

	/** Whether it is one, or what the names of several begin with. */
	boolean hasOrBegins(String name) {
		return has(name) || this.names.stream().anyMatch((each) -> each.startsWith(name + "."));
	}

}
