/**
 * The vocabulary: what an application, a door or a store says about a call that is safe
 * to retry. Depends on no other package of the library.
 */
@NullMarked
package io.idempotency;

import org.jspecify.annotations.NullMarked;
