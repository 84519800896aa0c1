package io.idempotency.testsupport;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an expression of PromQL asks for, read as far as that needs.
 *
 * @param selectors the metrics
 * @param grouping labels by which is grouped or joined
 */
public record PromQuery(List<Selector> selectors, Set<String> grouping) {

	private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((\\w+), *(\\w+)\\)");

	private static final Pattern GROUPING = Pattern
		.compile("\\b(?:by|without|on|ignoring|group_left|group_right) *\\(([^)]*)\\)");

	private static final Pattern SELECTOR = Pattern
		.compile("(?<![\\w.])([a-zA-Z_:][a-zA-Z0-9_:]*)(?![a-zA-Z0-9_:]| *\\()(?:\\{((?:[^}\"]|\"[^\"]*\")*)\\})?");

	private static final Pattern MATCHER = Pattern.compile("(\\w+)(?:=~|!~|!=|=)\"([^\"]*)\"");

	private static final Set<String> WORDS = Set.of("and", "or", "unless", "offset", "bool");

	/**
	 * One metric.
	 *
	 * @param matchers values or patterns by the names of the labels; a negated one or a
	 * variable counts as any
	 */
	public record Selector(String metric, Map<String, String> matchers) {
	}

	public static PromQuery parse(String expression) {
		Set<String> grouping = new TreeSet<>();
		Matcher variable = LABEL_VALUES.matcher(expression);
		if (variable.matches()) {
			return new PromQuery(List.of(new Selector(variable.group(1), Map.of())), Set.of(variable.group(2)));
		}
		Matcher groups = GROUPING.matcher(expression);
		String rest = groups.replaceAll((group) -> {
			for (String label : group.group(1).split(",")) {
				if (!label.isBlank()) {
					grouping.add(label.strip());
				}
			}
			return " ";
		});
		rest = rest.replaceAll("\\[[^\\]]*\\]", " ");
		List<Selector> selectors = new ArrayList<>();
		Matcher found = SELECTOR.matcher(rest);
		while (found.find()) {
			if (!WORDS.contains(found.group(1))) {
				selectors.add(new Selector(found.group(1), matchers(found.group(2))));
			}
		}
		return new PromQuery(selectors, grouping);
	}

	private static Map<String, String> matchers(String text) {
		Map<String, String> matchers = new TreeMap<>();
		Matcher found = MATCHER.matcher((text != null) ? text : "");
		while (found.find()) {
			matchers.put(found.group(1), found.group(2));
		}
		return matchers;
	}

}
