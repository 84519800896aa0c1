/** Records in the memory of one process, for tests and applications of one instance. */
@NullMarked
package io.idempotency.store.memory;

import org.jspecify.annotations.NullMarked;
