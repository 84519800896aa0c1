/**
 * The message door: the key of a message, what it stands for, and when its record may say
 * that it is done. What is particular to a broker is in a package of its own below this
 * one.
 */
@NullMarked
package io.idempotency.messaging;

import org.jspecify.annotations.NullMarked;
