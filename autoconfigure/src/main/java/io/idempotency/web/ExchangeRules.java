package io.idempotency.web;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.web.servlet.HandlerExceptionResolver;

/**
 * What all exchanges of an application have in common.
 *
 * @param settings of the application
 * @param policy of the application, if it has one
 * @param resolver answers what goes wrong when Spring MVC is done already, if there is
 * one
 */
record ExchangeRules(HttpSettings settings, @Nullable ResponseStoragePolicy policy,
		Supplier<@Nullable HandlerExceptionResolver> resolver) {
}
