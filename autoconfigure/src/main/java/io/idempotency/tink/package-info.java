/**
 * Encryption of what is stored by Tink. Used where {@code idempotency.encryption.keyset}
 * names a keyset, or by an application that makes a
 * {@link io.idempotency.tink.TinkPayloadCipher} of its own.
 */
@NullMarked
package io.idempotency.tink;

import org.jspecify.annotations.NullMarked;
