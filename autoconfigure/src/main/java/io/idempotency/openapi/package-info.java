/**
 * Publishes what idempotent handlers promise in the application's OpenAPI document: the
 * key that they ask for, how long an answer is kept, and what they refuse. The IETF draft
 * on the Idempotency-Key header asks for it: a resource has to publish its idempotency
 * requirements (section 2.5, Responsibilities) and for how long keys are valid (section
 * 2.3, Idempotency Key Validity and Expiry). Called by springdoc when it makes the
 * document, not when requests are served.
 */
@NullMarked
package io.idempotency.openapi;

import org.jspecify.annotations.NullMarked;
