package io.idempotency.messaging.kafka;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import io.idempotency.Idempotent;

import org.springframework.kafka.annotation.KafkaListener;

/** A listener by an annotation of the application's own. */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Idempotent(operation = "composed")
@KafkaListener(id = "composed", topics = "composed")
@interface ComposedListener {

}
