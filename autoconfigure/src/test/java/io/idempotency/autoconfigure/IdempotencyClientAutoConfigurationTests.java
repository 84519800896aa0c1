package io.idempotency.autoconfigure;

import io.idempotency.client.OutgoingKeys;
import io.idempotency.client.ReactiveOutgoingKeys;
import org.junit.jupiter.api.Test;

import org.springframework.aop.support.AopUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.retry.RetryTemplate;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.web.reactive.function.client.WebClient;

import static org.assertj.core.api.Assertions.assertThat;

/** Keys of outgoing calls, with and without what they are for. */
class IdempotencyClientAutoConfigurationTests {

	private final ApplicationContextRunner application = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(IdempotencyClientAutoConfiguration.class,
				IdempotencyWebClientAutoConfiguration.class));

	@Test
	void keysAreThereAlsoWhereNoMethodIsProtected() {
		this.application.withPropertyValues("idempotency.enabled=false")
			.run((context) -> assertThat(context).hasSingleBean(OutgoingKeys.class)
				.hasSingleBean(ReactiveOutgoingKeys.class));
	}

	@Test
	void applicationsWithoutWebClientHaveTheOthers() {
		this.application.withClassLoader(new FilteredClassLoader(WebClient.class, reactor.core.publisher.Mono.class))
			.run((context) -> assertThat(context).hasSingleBean(OutgoingKeys.class)
				.doesNotHaveBean(ReactiveOutgoingKeys.class));
	}

	@Test
	void applicationsWithoutHttpHaveNone() {
		this.application.withClassLoader(new FilteredClassLoader("org.springframework.web", "org.springframework.http"))
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(OutgoingKeys.class)
				.doesNotHaveBean(ReactiveOutgoingKeys.class));
		this.application.withClassLoader(new FilteredClassLoader(ClientHttpRequestInterceptor.class, WebClient.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(OutgoingKeys.class));
	}

	@Test
	void applicationMayBringItsOwn() {
		OutgoingKeys own = new OutgoingKeys();
		this.application.withBean(OutgoingKeys.class, () -> own)
			.run((context) -> assertThat(context.getBean(OutgoingKeys.class)).isSameAs(own));
	}

	@Test
	void retryTemplatesAreStillTheirType() {
		this.application.withUserConfiguration(Template.class).run((context) -> {
			RetryTemplate template = context.getBean(RetryTemplate.class);
			assertThat(AopUtils.isCglibProxy(template)).isTrue();
			assertThat(template.<String>execute(() -> "done")).isEqualTo("done");
			assertThat(template.getRetryPolicy()).isNotNull();
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Template {

		@Bean
		RetryTemplate template() {
			return new RetryTemplate();
		}

	}

}
