/**
 * Messages of JMS: what a message is known by, how containers say which one they are busy
 * with, and when their sessions are committed.
 */
@NullMarked
package io.idempotency.messaging.jms;

import org.jspecify.annotations.NullMarked;
