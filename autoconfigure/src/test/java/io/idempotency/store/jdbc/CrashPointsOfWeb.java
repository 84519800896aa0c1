package io.idempotency.store.jdbc;

import java.io.IOException;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.context.annotation.Bean;
import org.springframework.core.MethodParameter;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyAdvice;

/** Points between the handler and the end of Spring MVC, and the choice of a point. */
@ControllerAdvice
class CrashPointsOfWeb implements ResponseBodyAdvice<Object>, HandlerInterceptor, WebMvcConfigurer {

	/** The request header with the name of a {@link CrashPoint}. */
	static final String HEADER = "X-Crash-At";

	@Bean
	static Choice crashPointChoice() {
		return new Choice();
	}

	@Override
	public void addInterceptors(InterceptorRegistry registry) {
		registry.addInterceptor(this);
	}

	@Override
	public boolean supports(MethodParameter type, Class<? extends HttpMessageConverter<?>> converter) {
		return true;
	}

	@Override
	public @Nullable Object beforeBodyWrite(@Nullable Object body, MethodParameter type, MediaType mediaType,
			Class<? extends HttpMessageConverter<?>> converter, ServerHttpRequest request,
			ServerHttpResponse response) {
		CrashTrigger.reach(CrashPoint.RETURNED);
		return body;
	}

	@Override
	public void afterCompletion(HttpServletRequest request, HttpServletResponse response, Object handler,
			@Nullable Exception ex) {
		CrashTrigger.reach(CrashPoint.RENDERED);
	}

	/** Arms the trigger where a caller asks for it. */
	@Order(Ordered.HIGHEST_PRECEDENCE)
	static final class Choice extends OncePerRequestFilter {

		@Override
		protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
				throws ServletException, IOException {
			String point = request.getHeader(HEADER);
			if (point != null) {
				CrashTrigger.arm(CrashPoint.valueOf(point), request.getHeader("Idempotency-Key"));
			}
			try {
				chain.doFilter(request, response);
			}
			finally {
				CrashTrigger.disarm();
			}
		}

	}

}
