package io.idempotency.web;

import java.security.Principal;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.security.authentication.RememberMeAuthenticationToken;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.core.oidc.user.DefaultOidcUser;
import org.springframework.security.oauth2.core.user.DefaultOAuth2User;

import static org.assertj.core.api.Assertions.assertThat;

/** Rule 4: one name in two realms is two callers. */
class CallerScopeTests {

	@Test
	void rule4NameAndRealmMakeTheScope() {
		List<Principal> different = List.of(password("alice"), password("bob"), () -> "alice",
				new TestingAuthenticationToken("alice", "x"), oauth2("github", "alice"), oauth2("google", "alice"),
				oidc("keycloak", "https://one.example", "alice"), oidc("keycloak", "https://two.example", "alice"));
		assertThat(different.stream().map(CallerScopeTests::scope).toList()).doesNotHaveDuplicates()
			.doesNotContain(scope(null));
	}

	@Test
	void rule4RememberedSessionIsTheSameCaller() {
		assertThat(scope(new RememberMeAuthenticationToken("key", "alice", AuthorityUtils.NO_AUTHORITIES)))
			.isEqualTo(scope(password("alice")));
	}

	@Test
	void rule4NamesCannotImitateARealm() {
		assertThat(scope(password("anonymous"))).isNotEqualTo(scope(null));
		assertThat(scope(password("1:x:alice"))).isNotEqualTo(scope(password("alice")));
	}

	private static String scope(Principal principal) {
		MockHttpServletRequest request = new MockHttpServletRequest();
		request.setUserPrincipal(principal);
		return CallerScope.of(request);
	}

	private static Principal password(String name) {
		return UsernamePasswordAuthenticationToken.authenticated(name, null, AuthorityUtils.NO_AUTHORITIES);
	}

	private static Principal oauth2(String registration, String name) {
		return new OAuth2AuthenticationToken(
				new DefaultOAuth2User(AuthorityUtils.createAuthorityList("USER"), Map.of("id", name), "id"),
				AuthorityUtils.NO_AUTHORITIES, registration);
	}

	private static Principal oidc(String registration, String issuer, String name) {
		OidcIdToken token = OidcIdToken.withTokenValue("t")
			.issuer(issuer)
			.subject(name)
			.issuedAt(Instant.now())
			.expiresAt(Instant.now().plusSeconds(60))
			.build();
		return new OAuth2AuthenticationToken(new DefaultOidcUser(AuthorityUtils.createAuthorityList("USER"), token),
				AuthorityUtils.NO_AUTHORITIES, registration);
	}

}
