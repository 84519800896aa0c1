package io.idempotency.web;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

import org.springframework.mock.web.MockHttpServletRequest;

import static org.assertj.core.api.Assertions.assertThat;

/** Rule 4: no two combinations of caller and parts make one scope. */
class RequestResolversTests {

	/** Texts that try to look like each other, joined. */
	private static final List<String> PARTS = Arrays.asList(null, "", "a", "ab", "b", "1=1:a", "0=1:a", ":", "=", "1",
			"anonymous", "principal:0::a", "resolved:9:anonymous");

	@Test
	void rule4EveryCombinationIsAScopeOfItsOwn() {
		Map<String, List<String>> scopes = new HashMap<>();
		for (String name : PARTS) {
			for (String first : PARTS) {
				for (String second : PARTS) {
					List<String> combination = Arrays.asList(name, first, second);
					assertThat(scopes.put(scope(name, first, second), combination)).as(combination.toString()).isNull();
				}
			}
		}
		assertThat(scopes).hasSize(PARTS.size() * PARTS.size() * PARTS.size());
	}

	@Test
	void rule4ResolverWithNothingToSayChangesNothing() {
		assertThat(scope("alice", (String) null)).isEqualTo(scope("alice"));
		assertThat(scope("alice", "a", null)).isEqualTo(scope("alice", "a"));
		assertThat(scope("alice", null, "a")).isNotEqualTo(scope("alice", "a"));
		SortedMap<String, IdempotencyScopeResolver> before = new TreeMap<>(Map.of("tenant", (any) -> "a"));
		SortedMap<String, IdempotencyScopeResolver> after = new TreeMap<>(before);
		after.put("another", (any) -> null);
		MockHttpServletRequest request = new MockHttpServletRequest();
		assertThat(new RequestResolvers(after, null).scope(request))
			.isEqualTo(new RequestResolvers(before, null).scope(request));
	}

	private static String scope(String name, String... parts) {
		MockHttpServletRequest request = new MockHttpServletRequest();
		if (name != null) {
			request.setUserPrincipal(() -> name);
		}
		SortedMap<String, IdempotencyScopeResolver> resolvers = new TreeMap<>();
		for (String part : parts) {
			resolvers.put("resolver" + resolvers.size(), (any) -> part);
		}
		return new RequestResolvers(resolvers, null).scope(request);
	}

}
