/**
 * For tests of applications: a store whose clock a test moves, in slices too, and a check
 * that what is sent twice happens once. Needs {@code spring-boot-test}, and Caffeine for
 * the store.
 */
@NullMarked
package io.idempotency.test;

import org.jspecify.annotations.NullMarked;
