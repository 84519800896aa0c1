package io.idempotency.autoconfigure;

import io.idempotency.aop.IdempotentOperationSource;
import io.idempotency.engine.IdempotencyEngine;
import io.idempotency.web.ExchangeExceptionListener;
import io.idempotency.web.ExchangeInterceptor;
import io.idempotency.web.HttpSettings;
import io.idempotency.web.IdempotencyFilter;
import io.idempotency.web.IdempotencyProblemAdvice;
import io.idempotency.web.RouteConflicts;
import io.idempotency.web.ServletDoor;
import jakarta.servlet.DispatcherType;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/** Auto-configuration for idempotent handlers of Spring MVC. */
@AutoConfiguration(after = IdempotencyAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(DispatcherServlet.class)
@ConditionalOnBooleanProperty(name = "idempotency.enabled", matchIfMissing = true)
public final class IdempotencyWebMvcAutoConfiguration {

	/** Inside Spring Security (-100) and every filter that has an order of its own. */
	private static final int FILTER_ORDER = Ordered.LOWEST_PRECEDENCE - 10;

	private static HttpSettings settings(IdempotencyProperties.Http http) {
		return new HttpSettings(http.header(), http.replayHeader(), http.maxKeyLength(),
				(int) http.maxRequestSize().toBytes(), (int) http.maxResponseSize().toBytes(), http.documentationUri(),
				http.retryAfter());
	}

	@Bean
	@Order(0)
	@ConditionalOnMissingBean
	ServletDoor idempotencyServletDoor(IdempotencyEngine engine, IdempotentOperationSource operations,
			IdempotencyProperties properties) {
		return new ServletDoor(engine, operations, settings(properties.http()));
	}

	@Bean
	@ConditionalOnMissingBean(name = "idempotencyFilter")
	FilterRegistrationBean<IdempotencyFilter> idempotencyFilter(ServletDoor door, IdempotencyProperties properties) {
		FilterRegistrationBean<IdempotencyFilter> registration = new FilterRegistrationBean<>(
				new IdempotencyFilter(settings(properties.http()), door));
		registration.setOrder(FILTER_ORDER);
		registration.setDispatcherTypes(DispatcherType.REQUEST, DispatcherType.ASYNC);
		return registration;
	}

	@Bean
	@ConditionalOnMissingBean
	IdempotencyProblemAdvice idempotencyProblemAdvice(IdempotencyProperties properties) {
		return new IdempotencyProblemAdvice(settings(properties.http()));
	}

	@Bean
	static RouteConflicts idempotencyRouteConflicts(ObjectProvider<RequestMappingHandlerMapping> mappings,
			IdempotentOperationSource operations) {
		return new RouteConflicts(mappings, operations);
	}

	@Bean
	ExchangeExceptionListener idempotencyExceptionListener() {
		return new ExchangeExceptionListener();
	}

	@Bean
	WebMvcConfigurer idempotencyWebMvcConfigurer() {
		return new WebMvcConfigurer() {

			@Override
			public void addInterceptors(InterceptorRegistry registry) {
				registry.addInterceptor(new ExchangeInterceptor());
			}

		};
	}

}
