package io.idempotency.autoconfigure;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.idempotency.InvalidIdempotencyConfigurationException;
import io.idempotency.aop.IdempotentOperationSource;
import io.idempotency.engine.IdempotencyEngine;
import io.idempotency.web.ExchangeExceptionListener;
import io.idempotency.web.ExchangeInterceptor;
import io.idempotency.web.HandlerRoutes;
import io.idempotency.web.HttpSettings;
import io.idempotency.web.IdempotencyFilter;
import io.idempotency.web.IdempotencyKeyResolver;
import io.idempotency.web.IdempotencyProblemAdvice;
import io.idempotency.web.IdempotencyScopeResolver;
import io.idempotency.web.RequestResolvers;
import io.idempotency.web.ResponseStoragePolicy;
import io.idempotency.web.RouteConflicts;
import io.idempotency.web.ServletDoor;
import io.idempotency.web.StatusPolicy;
import jakarta.servlet.DispatcherType;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
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
import org.springframework.core.env.Environment;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.HandlerExceptionResolver;
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
				http.retryAfter(), http.strict(),
				(http.keyPattern() != null) ? Pattern.compile(http.keyPattern()) : null,
				http.excludedHeaders()
					.stream()
					.map((name) -> name.toLowerCase(Locale.ROOT))
					.collect(Collectors.toUnmodifiableSet()),
				StatusPolicy.unstored(http.unstoredStatuses()));
	}

	/** The application's bean of a type of which it may have one. */
	private static <T> @Nullable T single(Class<T> type, ObjectProvider<T> beans) {
		try {
			return beans.getIfAvailable();
		}
		catch (NoUniqueBeanDefinitionException ex) {
			throw new InvalidIdempotencyConfigurationException("There are several beans of type " + type.getName()
					+ " and only one can decide: " + ex.getBeanNamesFound() + ".",
					"Declare one, or mark one of them as @Primary.", ex);
		}
	}

	@Bean
	@Order(0)
	@ConditionalOnMissingBean
	ServletDoor idempotencyServletDoor(IdempotencyEngine engine, IdempotentOperationSource operations,
			IdempotencyProperties properties, ListableBeanFactory beans, ObjectProvider<IdempotencyKeyResolver> keys) {
		Map<String, IdempotencyScopeResolver> scopes = BeanFactoryUtils.beansOfTypeIncludingAncestors(beans,
				IdempotencyScopeResolver.class);
		return new ServletDoor(engine, operations, settings(properties.http()),
				new RequestResolvers(new TreeMap<>(scopes), single(IdempotencyKeyResolver.class, keys)));
	}

	@Bean
	@ConditionalOnMissingBean(name = "idempotencyFilter")
	FilterRegistrationBean<IdempotencyFilter> idempotencyFilter(ServletDoor door, IdempotencyProperties properties,
			ObjectProvider<ResponseStoragePolicy> policy,
			@Qualifier(DispatcherServlet.HANDLER_EXCEPTION_RESOLVER_BEAN_NAME) ObjectProvider<HandlerExceptionResolver> resolver) {
		FilterRegistrationBean<IdempotencyFilter> registration = new FilterRegistrationBean<>(
				new IdempotencyFilter(settings(properties.http()), door, single(ResponseStoragePolicy.class, policy),
						resolver::getIfAvailable));
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
	@ConditionalOnMissingBean
	HandlerRoutes idempotencyHandlerRoutes(ObjectProvider<RequestMappingHandlerMapping> mappings,
			IdempotentOperationSource operations, Environment environment) {
		String path = environment.getProperty("spring.mvc.servlet.path", "/");
		return new HandlerRoutes(mappings, operations,
				path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
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
				// the last one, so that it hears first that a request is complete
				registry.addInterceptor(new ExchangeInterceptor()).order(Ordered.LOWEST_PRECEDENCE);
			}

		};
	}

}
