/**
 * Messages of RabbitMQ: what a message is known by, how containers say which one they are
 * busy with, and methods that acknowledge theirs over the channel.
 */
@NullMarked
package io.idempotency.messaging.amqp;

import org.jspecify.annotations.NullMarked;
