package io.idempotency.sample.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

import org.springframework.core.io.ClassPathResource;

/**
 * What axe finds wrong with a page: WCAG 2.2 AA, contrast included, and what is good
 * practice.
 */
public final class Accessibility {

	private static final String RUN = """
			const done = arguments[arguments.length - 1];
			axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }).then(
			  (found) => done(found.violations.map((violation) => violation.id + ': '
			    + violation.nodes.map((node) => node.html + ' ' + node.failureSummary).join('; '))),
			  (error) => done(['axe failed: ' + error]));
			""";

	private Accessibility() {
	}

	/** One line for each rule that is broken. */
	@SuppressWarnings("unchecked")
	public static List<String> violations(Browser browser) {
		browser.driver().executeScript(axe());
		return (List<String>) browser.driver().executeAsyncScript(RUN);
	}

	private static String axe() {
		try {
			return new ClassPathResource("axe.min.js").getContentAsString(StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
