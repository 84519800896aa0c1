package io.idempotency.web;

import java.security.Principal;

import jakarta.servlet.http.HttpServletRequest;

import org.springframework.security.authentication.RememberMeAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken;
import org.springframework.security.oauth2.core.ClaimAccessor;
import org.springframework.util.ClassUtils;

/**
 * Who calls: the authenticated principal's name within its realm, so that neither two
 * users nor two issuers of the same name ever share a key. All callers without
 * authentication share one scope.
 */
final class CallerScope {

	private static final boolean hasSecurity = isPresent("org.springframework.security.core.Authentication");

	private static final boolean hasOAuth2 = isPresent("org.springframework.security.oauth2.core.ClaimAccessor");

	private static final boolean hasOAuth2Client = isPresent(
			"org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken");

	private CallerScope() {
	}

	/** The scope of a request; different callers have different texts. */
	static String of(HttpServletRequest request) {
		Principal principal = request.getUserPrincipal();
		if (principal == null) {
			return "anonymous";
		}
		String realm = hasSecurity ? SpringSecurity.realm(principal) : "";
		// the length keeps realm and name apart whatever they hold
		return "principal:" + realm.length() + ":" + realm + ":" + principal.getName();
	}

	private static boolean isPresent(String className) {
		return ClassUtils.isPresent(className, CallerScope.class.getClassLoader());
	}

	/** Loaded only where Spring Security is. */
	private static final class SpringSecurity {

		private SpringSecurity() {
		}

		static String realm(Principal principal) {
			if (principal instanceof UsernamePasswordAuthenticationToken
					|| principal instanceof RememberMeAuthenticationToken) {
				// the same accounts, whether the session was remembered or not
				return "";
			}
			String realm = principal.getClass().getName();
			if (principal instanceof Authentication authentication) {
				if (hasOAuth2Client) {
					realm += OAuth2Client.registration(authentication);
				}
				if (hasOAuth2) {
					realm += OAuth2.issuer(authentication);
				}
			}
			return realm;
		}

	}

	private static final class OAuth2 {

		private OAuth2() {
		}

		static String issuer(Authentication authentication) {
			return (authentication.getPrincipal() instanceof ClaimAccessor token && token.hasClaim("iss"))
					? " iss=" + token.getClaimAsString("iss") : "";
		}

	}

	private static final class OAuth2Client {

		private OAuth2Client() {
		}

		static String registration(Authentication authentication) {
			return (authentication instanceof OAuth2AuthenticationToken token)
					? " registration=" + token.getAuthorizedClientRegistrationId() : "";
		}

	}

}
