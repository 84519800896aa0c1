package io.idempotency.web;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.tomcat.util.http.InvalidParameterException;
import org.apache.tomcat.util.http.Parameters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Parameters are those that a container makes of the same bytes. */
class FormParametersTests {

	@Provide
	Arbitrary<String> forms() {
		return Arbitraries
			.of("a", "b", "=", "=", "&", "&", "+", "%20", "%C3%BC", "\u00fc", "%zz", "%", "%2", "%e", "%26", "%3D",
					"%FF")
			.list()
			.ofMaxSize(12)
			.map((pieces) -> String.join("", pieces));
	}

	@Property(tries = 3000)
	void whatTomcatMakesOfTheSameBytes(@ForAll("forms") String form, @ForAll boolean utf8) {
		var charset = utf8 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
		byte[] bytes = form.getBytes(StandardCharsets.UTF_8);
		boolean nameless = Arrays.stream(form.split("&")).anyMatch((part) -> part.startsWith("="));
		Parameters tomcat = new Parameters();
		tomcat.setCharset(charset);
		try {
			tomcat.processParameters(bytes.clone(), 0, bytes.length);
		}
		catch (InvalidParameterException ex) {
			if (!nameless) {
				assertThatExceptionOfType(MalformedFormException.class)
					.isThrownBy(() -> FormParameters.read(bytes, bytes.length, charset, Map.of()));
			}
			return;
		}
		Map<String, List<String>> expected = new LinkedHashMap<>();
		for (String name : Collections.list(tomcat.getParameterNames())) {
			expected.put(name, List.of(tomcat.getParameterValues(name)));
		}
		assertThat(read(form, charset, Map.of())).containsExactlyEntriesOf(expected);
	}

	/** Tomcat refuses it, Jetty does not. */
	@Example
	void parameterWithoutANameHasAnEmptyOne() {
		assertThat(read("=x&a=1", StandardCharsets.UTF_8, Map.of())).containsExactly(Map.entry("", List.of("x")),
				Map.entry("a", List.of("1")));
	}

	@Example
	void queryComesFirst() {
		assertThat(read("a=2&b=3", StandardCharsets.UTF_8, Map.of("a", new String[] { "1" })))
			.containsExactly(Map.entry("a", List.of("1", "2")), Map.entry("b", List.of("3")));
	}

	@Example
	void countIsBounded() {
		String form = "a&".repeat(FormParameters.MAX_PARAMETERS);
		assertThat(read(form, StandardCharsets.UTF_8, Map.of()).get("a")).hasSize(FormParameters.MAX_PARAMETERS);
		assertThatExceptionOfType(MalformedFormException.class)
			.isThrownBy(() -> read(form + "a", StandardCharsets.UTF_8, Map.of()))
			.satisfies((ex) -> assertThat(ex.getStatusCode().value()).isEqualTo(400));
	}

	private static Map<String, List<String>> read(String form, Charset charset, Map<String, String[]> query) {
		byte[] bytes = form.getBytes(StandardCharsets.UTF_8);
		Map<String, List<String>> result = new LinkedHashMap<>();
		FormParameters.read(bytes, bytes.length, charset, query)
			.forEach((name, values) -> result.put(name, List.of(values)));
		return result;
	}

}
