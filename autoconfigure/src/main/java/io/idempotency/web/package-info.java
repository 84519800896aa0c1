/**
 * The servlet door: keys from headers, fingerprints of requests, responses captured as
 * the client gets them and replayed, refusals as problem details.
 */
@NullMarked
package io.idempotency.web;

import org.jspecify.annotations.NullMarked;
