/**
 * From the annotation to the call: what an annotation means, checked when the application
 * starts, the aspect around annotated methods, and the door of plain methods.
 */
@NullMarked
package io.idempotency.aop;

import org.jspecify.annotations.NullMarked;
