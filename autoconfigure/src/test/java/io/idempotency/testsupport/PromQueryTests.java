package io.idempotency.testsupport;

import java.util.List;
import java.util.Map;
import java.util.Set;

import io.idempotency.testsupport.PromQuery.Selector;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** What is read out of expressions, so that no wrong name is overlooked. */
class PromQueryTests {

	@Test
	void findsEveryMetricItsMatchersAndGroups() {
		PromQuery query = PromQuery.parse("""
				sum by (a, b) (rate(one_total{x="1", y=~"2|3"}[5m]))
				  > 0.01 * sum by (c) (max_over_time(two[1d])) and on () three{z="{(}"} unless three offset 15m""");
		assertThat(query.selectors()).containsExactly(new Selector("one_total", Map.of("x", "1", "y", "2|3")),
				new Selector("two", Map.of()), new Selector("three", Map.of("z", "{(}")),
				new Selector("three", Map.of()));
		assertThat(query.grouping()).containsExactly("a", "b", "c");
	}

	@Test
	void readsVariablesOfDashboards() {
		assertThat(PromQuery.parse("label_values(one_total, x)"))
			.isEqualTo(new PromQuery(List.of(new Selector("one_total", Map.of())), Set.of("x")));
		assertThat(PromQuery.parse("rate(one_total{x=~\"$x\"}[$__rate_interval])").selectors())
			.containsExactly(new Selector("one_total", Map.of("x", "$x")));
	}

}
