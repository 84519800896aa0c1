package io.idempotency.aop;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;

import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextRefreshedEvent;

/** Looks at every bean when the application has made them, and before anybody calls. */
abstract class BeanScan implements SmartInitializingSingleton, ApplicationListener<ContextRefreshedEvent> {

	private final ConfigurableListableBeanFactory beans;

	private final Predicate<Class<?>> candidates;

	BeanScan(ConfigurableListableBeanFactory beans, Predicate<Class<?>> candidates) {
		this.beans = beans;
		this.candidates = candidates;
	}

	@Override
	public void afterSingletonsInstantiated() {
		scan(this.beans);
	}

	/**
	 * A second DispatcherServlet has a context of its own, where nothing makes proxies.
	 */
	@Override
	public void onApplicationEvent(ContextRefreshedEvent event) {
		if (event.getApplicationContext() instanceof ConfigurableApplicationContext context
				&& !context.getBeanFactory().equals(this.beans)) {
			scan(context.getBeanFactory());
		}
	}

	private void scan(ConfigurableListableBeanFactory factory) {
		Set<String> names = new LinkedHashSet<>(List.of(factory.getBeanDefinitionNames()));
		names.addAll(List.of(factory.getSingletonNames()));
		for (String beanName : names) {
			Class<?> type = factory.getType(beanName, false);
			if (type == null || !this.candidates.test(type)) {
				continue;
			}
			Object singleton = factory.getSingleton(beanName);
			// what a factory bean makes is known by its type only
			Object bean = (singleton instanceof FactoryBean<?>) ? null : singleton;
			validate(beanName, (bean != null) ? AopProxyUtils.ultimateTargetClass(bean) : type, bean);
		}
	}

	/**
	 * Checks one bean.
	 * @param bean {@code null} if it is not made yet, or its factory is known only
	 * @throws io.idempotency.InvalidIdempotencyConfigurationException if it cannot work
	 */
	abstract void validate(String beanName, Class<?> targetClass, @Nullable Object bean);

}
