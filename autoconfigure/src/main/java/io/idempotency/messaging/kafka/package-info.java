/**
 * Messages of Apache Kafka: what a record is known by, how containers say which one they
 * are busy with, and when their transactions end.
 */
@NullMarked
package io.idempotency.messaging.kafka;

import org.jspecify.annotations.NullMarked;
