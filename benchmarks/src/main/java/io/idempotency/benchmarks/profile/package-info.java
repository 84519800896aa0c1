/**
 * Where a request spends its time, from a recording of Java Flight Recorder.
 */
@NullMarked
package io.idempotency.benchmarks.profile;

import org.jspecify.annotations.NullMarked;
