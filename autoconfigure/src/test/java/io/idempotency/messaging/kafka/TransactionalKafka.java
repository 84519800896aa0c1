package io.idempotency.messaging.kafka;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

import org.springframework.beans.factory.annotation.Qualifier;

/** What is within transactions of Kafka. */
@Qualifier
@Retention(RetentionPolicy.RUNTIME)
@interface TransactionalKafka {

}
