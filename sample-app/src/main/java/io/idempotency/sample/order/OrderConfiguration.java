package io.idempotency.sample.order;

import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;

/** Lets {@link Redelivery} run. */
@Configuration(proxyBeanMethods = false)
@EnableScheduling
class OrderConfiguration {

}
