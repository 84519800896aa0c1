package io.idempotency.openapi;

import java.net.URI;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * What the application's properties say that callers have to know.
 *
 * @param header the request header with the key, or {@code null} if the application finds
 * keys elsewhere
 * @param replayHeader the response header that marks a replay
 * @param maxKeyLength the longest key that is accepted, in characters
 * @param strict whether a key in the header has to be quoted
 * @param keyPattern what the whole key of a caller has to match, or {@code null}
 * @param documentationUri where the problems are explained, or {@code null}
 * @param newKeysLimited whether a caller may bring so many new keys only
 */
public record PublishedSettings(@Nullable String header, String replayHeader, int maxKeyLength, boolean strict,
		@Nullable Pattern keyPattern, @Nullable URI documentationUri, boolean newKeysLimited) {
}
