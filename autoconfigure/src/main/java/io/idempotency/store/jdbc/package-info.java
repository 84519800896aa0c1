/** Records in a table of the application's own database, over plain JDBC. */
@NullMarked
package io.idempotency.store.jdbc;

import org.jspecify.annotations.NullMarked;
