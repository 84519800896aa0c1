/**
 * Messages of Spring, whatever brought them: handlers of Spring Integration, and
 * listeners that take a whole message.
 */
@NullMarked
package io.idempotency.messaging.integration;

import org.jspecify.annotations.NullMarked;
