package io.idempotency.web;

import java.net.URI;
import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * What the application says about its HTTP side.
 *
 * @param header the request header with the key
 * @param replayHeader the response header that marks a replay
 * @param maxKeyLength the longest key that is accepted, in characters
 * @param maxRequestSize the largest request body that is accepted, in bytes
 * @param maxResponseSize the largest response body that is kept, in bytes
 * @param documentationUri where the problems are explained
 * @param retryAfter what a caller that may try again is asked to wait
 * @param strict whether a key in the header has to be quoted
 * @param keyPattern what the whole key of a caller has to match, or {@code null}
 * @param excludedHeaders response headers that are not stored, in lower case
 * @param statuses which responses are stored
 */
public record HttpSettings(String header, String replayHeader, int maxKeyLength, int maxRequestSize,
		int maxResponseSize, @Nullable URI documentationUri, Duration retryAfter, boolean strict,
		@Nullable Pattern keyPattern, Set<String> excludedHeaders, StatusPolicy statuses) {
}
