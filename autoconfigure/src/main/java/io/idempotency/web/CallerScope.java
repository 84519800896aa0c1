package io.idempotency.web;

import java.security.Principal;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.security.authentication.AnonymousAuthenticationToken;
import org.springframework.security.authentication.RememberMeAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.client.authentication.OAuth2AuthenticationToken;
import org.springframework.security.oauth2.core.ClaimAccessor;
import org.springframework.util.ClassUtils;
import org.springframework.util.ObjectUtils;

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

	/**
	 * The scope of a request; different callers have different texts.
	 * @param request the one that the handler sees, with whatever filters put around it
	 */
	static String of(HttpServletRequest request) {
		Principal principal = request.getUserPrincipal();
		if (principal == null && hasSecurity) {
			principal = SpringSecurity.principal();
		}
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

		/** An application may keep Spring Security away from the servlet API. */
		static @Nullable Principal principal() {
			Authentication current = SecurityContextHolder.getContext().getAuthentication();
			boolean authenticated = current != null && current.isAuthenticated()
					&& !(current instanceof AnonymousAuthenticationToken);
			return authenticated ? current : null;
		}

		static String realm(Principal principal) {
			if (principal instanceof Authentication authentication) {
				requireName(authentication);
			}
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

		private static void requireName(Authentication authentication) {
			Object principal = authentication.getPrincipal();
			if (principal != null && authentication.getName().equals(ObjectUtils.identityToString(principal))) {
				throw new IllegalStateException("The principal of type " + principal.getClass().getName()
						+ " has no name that lasts: its toString() differs on each request, so a retry would be"
						+ " taken for another caller. Let it implement AuthenticatedPrincipal or UserDetails");
			}
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
