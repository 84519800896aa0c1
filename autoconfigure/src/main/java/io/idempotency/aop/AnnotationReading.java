package io.idempotency.aop;

import java.lang.reflect.Method;
import java.time.Duration;

import io.idempotency.InvalidIdempotencyConfigurationException;
import org.jspecify.annotations.Nullable;

import org.springframework.expression.BeanResolver;
import org.springframework.expression.ParseException;
import org.springframework.util.StringValueResolver;

/** Reads the attributes of one annotation and knows where it stands. */
final class AnnotationReading {

	private final String annotation;

	private final StringValueResolver placeholders;

	private final BeanResolver beans;

	private final Method method;

	private final Class<?> targetClass;

	/**
	 * @param annotation what people call it
	 * @param method where it stands
	 * @param targetClass of the bean
	 * @param placeholders resolves <code>${...}</code>
	 * @param beans resolves {@code @bean} in expressions
	 */
	AnnotationReading(String annotation, Method method, Class<?> targetClass, StringValueResolver placeholders,
			BeanResolver beans) {
		this.annotation = annotation;
		this.placeholders = placeholders;
		this.beans = beans;
		this.method = method;
		this.targetClass = targetClass;
	}

	String text(String attribute, String value) {
		String resolved;
		try {
			resolved = this.placeholders.resolveStringValue(value);
		}
		catch (IllegalArgumentException ex) {
			throw unresolved(attribute, value, ex);
		}
		if (resolved != null && resolved.contains("${")) {
			throw unresolved(attribute, value, null);
		}
		return (resolved != null) ? resolved.strip() : "";
	}

	private InvalidIdempotencyConfigurationException unresolved(String attribute, String value,
			@Nullable Throwable cause) {
		return invalid(attribute + " holds a placeholder that no property resolves: '" + value + "'.",
				"Define the property, or give the placeholder a default as in ${name:default}.", cause);
	}

	Duration duration(String attribute, String value, Duration defaultValue) {
		String text = text(attribute, value);
		if (text.isEmpty()) {
			return defaultValue;
		}
		try {
			return DurationText.parse(text);
		}
		catch (IllegalArgumentException ex) {
			throw invalid(attribute + " is '" + text + "', which " + ex.getMessage() + ".",
					"Write a number with one of the units ms, s, m, h, d, as in 30s or 24h, or ISO-8601 as in "
							+ "PT24H.",
					ex);
		}
	}

	@Nullable CallExpression expression(String attribute, String value) {
		String text = text(attribute, value);
		if (text.isEmpty()) {
			return null;
		}
		try {
			return new CallExpression(text, this.method, this.beans);
		}
		catch (ParseException ex) {
			throw invalid(attribute + " is no SpEL expression: " + ex.getMessage() + ".",
					"Correct the expression. A fixed text needs quotes inside: \"'text'\".", ex);
		}
	}

	InvalidIdempotencyConfigurationException invalid(String what, String action, @Nullable Throwable cause) {
		return new InvalidIdempotencyConfigurationException(
				this.annotation + " on " + MethodOperation.describe(this.method, this.targetClass) + ": " + what,
				action, cause);
	}

}
