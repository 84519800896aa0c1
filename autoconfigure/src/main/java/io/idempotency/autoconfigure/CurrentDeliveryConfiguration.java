package io.idempotency.autoconfigure;

import io.idempotency.messaging.CurrentDelivery;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;

/** What the containers of all technologies tell, and the door asks. */
@Configuration(proxyBeanMethods = false)
class CurrentDeliveryConfiguration {

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	@ConditionalOnMissingBean
	static CurrentDelivery idempotencyCurrentDelivery() {
		return new CurrentDelivery();
	}

}
