package io.idempotency.web;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.util.ClassUtils;
import org.springframework.web.servlet.DispatcherServlet;

/**
 * Tells requests that go to some other servlet than Spring MVC's before that servlet is
 * reached, so that their bodies are not kept in memory for nothing.
 */
final class TargetServlets {

	private final Map<String, Boolean> known = new ConcurrentHashMap<>();

	/** Whether a request is for Spring MVC, or it cannot be told. */
	boolean maybeSpringMvc(HttpServletRequest request) {
		HttpServletMapping mapping = request.getHttpServletMapping();
		String name = (mapping != null) ? mapping.getServletName() : null;
		if (name == null || name.isEmpty()) {
			return true;
		}
		Boolean current = this.known.get(name);
		if (current == null) {
			current = isSpringMvc(request.getServletContext(), name);
			this.known.put(name, current);
		}
		return current;
	}

	private static boolean isSpringMvc(ServletContext context, String name) {
		ServletRegistration registration = context.getServletRegistration(name);
		String type = (registration != null) ? registration.getClassName() : null;
		if (type == null) {
			return true;
		}
		try {
			return DispatcherServlet.class.isAssignableFrom(ClassUtils.forName(type, null));
		}
		catch (ClassNotFoundException | LinkageError ex) {
			return true;
		}
	}

}
