package io.idempotency.sample;

import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.convert.DurationStyle;
import org.springframework.context.annotation.Profile;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/**
 * Faults on request, for trying things out: {@code X-Demo-Delay: 2s} makes a payment take
 * that long, {@code X-Demo-Fail: before} or {@code after} lets it fail before or after
 * the charge. The headers are read before the handler is called, so a mistake in them
 * burns no key; the faults happen inside it, while the key is claimed.
 */
@Component
@Profile("!production")
final class DemoFaults implements Faults, HandlerInterceptor, WebMvcConfigurer {

	private static final Duration LONGEST = Duration.ofSeconds(60);

	@Override
	public void addInterceptors(InterceptorRegistry registry) {
		registry.addInterceptor(this).addPathPatterns("/payments/**", "/unprotected/**");
	}

	@Override
	public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
		request.setAttribute(Plan.class.getName(),
				new Plan(delay(request.getHeader("X-Demo-Delay")), failure(request.getHeader("X-Demo-Fail"))));
		return true;
	}

	private static Duration delay(@Nullable String text) {
		try {
			Duration delay = (text != null) ? DurationStyle.detectAndParse(text) : Duration.ZERO;
			if (!delay.isNegative() && delay.compareTo(LONGEST) <= 0) {
				return delay;
			}
		}
		catch (IllegalArgumentException ex) {
			// answered below
		}
		throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "X-Demo-Delay takes durations up to 60s, as in 2s.");
	}

	private static Failure failure(@Nullable String text) {
		try {
			return (text != null) ? Failure.valueOf(text.toUpperCase(Locale.ROOT)) : Failure.NONE;
		}
		catch (IllegalArgumentException ex) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "X-Demo-Fail is before or after.", ex);
		}
	}

	@Override
	public void beforeCharge() {
		sleep(plan().delay());
		fail(Failure.BEFORE);
	}

	@Override
	public void afterCharge() {
		fail(Failure.AFTER);
	}

	private static void sleep(Duration delay) {
		try {
			Thread.sleep(delay.toMillis());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException("Interrupted", ex);
		}
	}

	private static void fail(Failure moment) {
		if (plan().failure() == moment) {
			throw new IllegalStateException("X-Demo-Fail asked for a failure " + moment + " the charge");
		}
	}

	private static Plan plan() {
		return (Plan) Objects.requireNonNull(RequestContextHolder.currentRequestAttributes()
			.getAttribute(Plan.class.getName(), RequestAttributes.SCOPE_REQUEST));
	}

	private enum Failure {

		NONE, BEFORE, AFTER

	}

	private record Plan(Duration delay, Failure failure) {
	}

}
