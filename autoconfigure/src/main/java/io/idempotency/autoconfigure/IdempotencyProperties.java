package io.idempotency.autoconfigure;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import io.idempotency.InProgress;
import io.idempotency.InvalidIdempotencyConfigurationException;
import io.idempotency.OnStoreFailure;
import io.idempotency.Recovery;
import io.idempotency.store.redis.ServerCheck;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Properties of idempotent operations.
 *
 * @param enabled whether methods annotated with Idempotent are protected
 * @param store name of the store of operations that name none
 * @param ttl how long a completed result is kept and replayed
 * @param lease how long a claim outlives the process that made it
 * @param inProgress what a duplicate gets while the first call is still running
 * @param waitTimeout how long a waiting duplicate waits
 * @param recovery what becomes of the key of a call that fails or whose process dies
 * @param onStoreFailure what becomes of a call when the store does not answer
 * @param storeTimeout time budget of one call of a store
 * @param maxDeferredSize memory for results that the store did not take at once
 * @param keyPrefix what the keys of the Redis store start with
 * @param newKeys how many new keys one caller may bring
 * @param redis the Redis store
 * @param jdbc the store in a table of the application's database
 * @param memory the in-memory store
 * @param http the HTTP side
 * @param messaging the message side
 * @param compression compression of stored results
 * @param encryption encryption of stored results
 * @param endpoint what operators are shown
 */
@ConfigurationProperties("idempotency")
public record IdempotencyProperties(@DefaultValue("true") boolean enabled, @DefaultValue("redis") String store,
		@DefaultValue("24h") Duration ttl, @DefaultValue("30s") Duration lease,
		@DefaultValue("reject") InProgress inProgress, @DefaultValue("5s") Duration waitTimeout,
		@DefaultValue("rerun") Recovery recovery, @DefaultValue("reject") OnStoreFailure onStoreFailure,
		@DefaultValue("1s") Duration storeTimeout, @DefaultValue("16MB") DataSize maxDeferredSize,
		@DefaultValue("idempotency") String keyPrefix, @DefaultValue NewKeys newKeys, @DefaultValue Redis redis,
		@DefaultValue Jdbc jdbc, @DefaultValue Memory memory, @DefaultValue Http http,
		@DefaultValue Messaging messaging, @DefaultValue Compression compression, @DefaultValue Encryption encryption,
		@DefaultValue Endpoint endpoint) {

	private static final Duration LONGEST = Duration.ofDays(3660);

	private static final Duration SHORTEST_PURGE = Duration.ofMillis(100);

	/** RFC 9110, section 5.6.2. */
	private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

	/**
	 * A code or a class of codes. None below 300: what freed the key of a success would
	 * make every retry take effect again.
	 */
	private static final Pattern STATUS = Pattern.compile("[345]([0-9]{2}|xx|XX)");

	public IdempotencyProperties {
		requireDuration("ttl", ttl);
		requireDuration("lease", lease);
		requireDuration("wait-timeout", waitTimeout);
		requireDuration("store-timeout", storeTimeout);
		require(lease.compareTo(storeTimeout.multipliedBy(2)) >= 0, "lease", lease,
				"Use at least twice idempotency.store-timeout, which is " + storeTimeout
						+ ", or it ends while a store that is slow for once renews it.");
		require(inProgress != InProgress.DEFAULT, "in-progress", "default", "Choose reject or wait.");
		require(recovery != Recovery.DEFAULT, "recovery", "default", "Choose rerun or hold.");
		require(onStoreFailure != OnStoreFailure.DEFAULT, "on-store-failure", "default", "Choose reject or proceed.");
		require(redis.minReplicas() == 0 || redis.replicaTimeout().multipliedBy(2).compareTo(storeTimeout) < 0,
				"redis.replica-timeout", redis.replicaTimeout(),
				"Use less than half of idempotency.store-timeout, which is " + storeTimeout + " and includes it.");
		require(!maxDeferredSize.isNegative(), "max-deferred-size", maxDeferredSize, "Use zero or more.");
	}

	/**
	 * How many new keys one caller may bring.
	 *
	 * @param limit how many within a window; zero for any number
	 * @param window how long a window lasts
	 */
	public record NewKeys(@DefaultValue("0") int limit, @DefaultValue("1m") Duration window) {

		public NewKeys {
			require(limit >= 0, "new-keys.limit", limit, "Use a number of keys, or 0 for no limit.");
			requireDuration("new-keys.window", window);
		}
	}

	/**
	 * What operators are shown by the endpoint of the Actuator.
	 *
	 * @param showFingerprints whether a record is shown with the fingerprint of its
	 * request
	 */
	public record Endpoint(@DefaultValue("false") boolean showFingerprints) {
	}

	/**
	 * The Redis store.
	 *
	 * @param minReplicas how many replicas have to know of a claim or a result before it
	 * counts
	 * @param replicaTimeout how long they are waited for
	 * @param check what becomes of a server that may lose records: a warning, a start
	 * that fails, or nothing
	 * @param observeCommands whether each Redis command is an observation of its own
	 */
	public record Redis(@DefaultValue("0") int minReplicas, @DefaultValue("100ms") Duration replicaTimeout,
			@DefaultValue("warn") ServerCheck check, @DefaultValue("false") boolean observeCommands) {

		public Redis {
			require(minReplicas >= 0, "redis.min-replicas", minReplicas, "Use a number of replicas, or 0 for none.");
			requireDuration("redis.replica-timeout", replicaTimeout);
		}
	}

	/**
	 * The store in a table of the application's database.
	 *
	 * @param initializeSchema for which databases the table is created at the start:
	 * embedded ones, all, or none
	 * @param isolation of the transactions that the store jdbc-transactional begins
	 * @param purge removal of expired records
	 */
	public record Jdbc(@DefaultValue("embedded") SchemaInitialization initializeSchema,
			@DefaultValue("default") TransactionIsolation isolation, @DefaultValue Purge purge) {

		/**
		 * Removal of expired records.
		 *
		 * @param interval how often; zero for never
		 * @param batchSize how many in one transaction
		 */
		public record Purge(@DefaultValue("1m") Duration interval, @DefaultValue("500") int batchSize) {

			public Purge {
				require(interval.isZero()
						|| (interval.compareTo(SHORTEST_PURGE) >= 0 && interval.compareTo(LONGEST) <= 0),
						"jdbc.purge.interval", interval,
						"Use a tenth of a second or more, as in 1m, or 0 for no purge.");
				require(batchSize > 0 && batchSize <= 10_000, "jdbc.purge.batch-size", batchSize,
						"Use a number of records between 1 and 10000.");
			}
		}
	}

	/**
	 * For which databases a table is created, the names of Spring Boot's own
	 * initialization modes, which not every application has on its class path.
	 */
	public enum SchemaInitialization {

		/** For all. */
		ALWAYS,

		/** For databases that live in the application. */
		EMBEDDED,

		/** For none. */
		NEVER

	}

	/** Isolation levels of SQL. */
	public enum TransactionIsolation {

		/** What the DataSource or the database has by default. */
		DEFAULT,

		/** Sees what others have committed before each statement. */
		READ_COMMITTED,

		/** Sees what others had committed before the transaction. */
		REPEATABLE_READ,

		/** As if there were no other transactions. */
		SERIALIZABLE

	}

	/**
	 * The in-memory store.
	 *
	 * @param maxSize how much memory the records may take; a full store refuses new keys
	 */
	public record Memory(@DefaultValue("64MB") DataSize maxSize) {

		public Memory {
			require(maxSize.toBytes() > 0, "memory.max-size", maxSize, "Use a size above zero.");
		}
	}

	/**
	 * The HTTP side.
	 *
	 * @param header request header that holds the key
	 * @param replayHeader response header that marks a replay
	 * @param maxKeyLength longest key that is accepted
	 * @param maxRequestSize largest request body that an idempotent handler accepts
	 * @param maxResponseSize largest response body that is kept for replay
	 * @param documentationUri where the application explains its problems, the base of
	 * their types
	 * @param retryAfter what a caller that may try again is asked to wait, in whole
	 * seconds
	 * @param strict whether a key in the header has to be quoted, as a String of RFC 8941
	 * @param keyPattern regular expression that the whole key of a caller has to match
	 * @param excludedHeaders response headers that are not stored, besides those that
	 * never are
	 * @param unstoredStatuses statuses of responses that free the key instead of being
	 * stored: codes, or classes such as 5xx
	 */
	public record Http(@DefaultValue("Idempotency-Key") String header,
			@DefaultValue("Idempotent-Replayed") String replayHeader, @DefaultValue("255") int maxKeyLength,
			@DefaultValue("1MB") DataSize maxRequestSize, @DefaultValue("1MB") DataSize maxResponseSize,
			@Nullable URI documentationUri, @DefaultValue("1s") Duration retryAfter,
			@DefaultValue("false") boolean strict, @Nullable String keyPattern,
			@DefaultValue List<String> excludedHeaders,
			// @formatter:off
			@DefaultValue({ "401", "403", "407", "408", "409", "412", "421", "423", "425", "429", "5xx" })
			List<String> unstoredStatuses) {
			// @formatter:on

		public Http {
			requireHeader("http.header", header);
			requireHeader("http.replay-header", replayHeader);
			require(maxKeyLength > 0, "http.max-key-length", maxKeyLength, "Use a length above zero.");
			requireSize("http.max-request-size", maxRequestSize);
			requireSize("http.max-response-size", maxResponseSize);
			requireDuration("http.retry-after", retryAfter);
			require(documentationUri == null
					|| (documentationUri.isAbsolute() && documentationUri.getFragment() == null),
					"http.documentation-uri", String.valueOf(documentationUri),
					"Use an absolute URI without a fragment, as in https://example.com/problems.");
			requirePattern("http.key-pattern", keyPattern);
			for (String excluded : excludedHeaders) {
				requireHeader("http.excluded-headers", excluded);
				require(!excluded.toLowerCase(Locale.ROOT).equals("content-type"), "http.excluded-headers", excluded,
						"Leave it out: a replayed body needs its type.");
			}
			for (String status : unstoredStatuses) {
				require(STATUS.matcher(status).matches(), "http.unstored-statuses", status,
						"Use codes from 300 to 599 or the classes 3xx, 4xx and 5xx, as in 401,429,5xx.");
			}
		}
	}

	/**
	 * The message side.
	 *
	 * @param keyHeader message header with the key
	 * @param maxKeyLength longest value of a header that is a key or a part of one, in
	 * characters
	 */
	public record Messaging(@DefaultValue("Idempotency-Key") String keyHeader, @DefaultValue("1024") int maxKeyLength) {

		public Messaging {
			requireHeader("messaging.key-header", keyHeader);
			require(maxKeyLength > 0, "messaging.max-key-length", maxKeyLength, "Use one or more.");
		}
	}

	/**
	 * Compression of stored results.
	 *
	 * @param enabled whether results are compressed where that saves at least an eighth
	 * @param threshold results up to this size are stored as they are
	 */
	public record Compression(@DefaultValue("true") boolean enabled, @DefaultValue("4KB") DataSize threshold) {

		public Compression {
			requireSize("compression.threshold", threshold);
		}
	}

	/**
	 * Encryption of stored results.
	 *
	 * @param keyset location of a keyset of Tink in JSON and clear text, whose primary
	 * key encrypts what is stored
	 * @param acceptUnencrypted whether results that are not encrypted are replayed, for
	 * the time in which encryption is introduced
	 */
	public record Encryption(@Nullable String keyset, @DefaultValue("false") boolean acceptUnencrypted) {

		public Encryption {
			require(keyset == null || !keyset.isBlank(), "encryption.keyset", "",
					"Set it to the location of a keyset, as in file:/run/secrets/keyset.json, or remove it.");
		}

		/** Without the keyset: one that starts with {@code base64:} is no location. */
		@Override
		public String toString() {
			return "Encryption[keyset=" + ((this.keyset != null) ? "***" : "null") + ", acceptUnencrypted="
					+ this.acceptUnencrypted + "]";
		}
	}

	private static void requireHeader(String property, String value) {
		require(TOKEN.matcher(value).matches(), property, value,
				"Use the name of a header: letters, digits and hyphens.");
	}

	private static void requirePattern(String property, @Nullable String pattern) {
		if (pattern == null) {
			return;
		}
		String action = "Use a regular expression of Java that matches whole keys, as in [0-9a-f-]{36}, or leave it"
				+ " out.";
		require(!pattern.isEmpty(), property, pattern, action);
		try {
			Pattern.compile(pattern);
		}
		catch (PatternSyntaxException ex) {
			throw new InvalidIdempotencyConfigurationException("The property idempotency." + property + " is '"
					+ pattern + "', which is no regular expression: " + ex.getDescription() + ".", action, ex);
		}
	}

	private static void requireDuration(String property, Duration value) {
		require(value.compareTo(Duration.ofMillis(1)) >= 0 && value.compareTo(LONGEST) <= 0, property, value,
				"Use a duration between a millisecond and ten years, as in 30s or 24h.");
	}

	private static void requireSize(String property, DataSize value) {
		require(value.toBytes() > 0 && value.toBytes() < Integer.MAX_VALUE, property, value,
				"Use a size between 1B and 2047MB, as in 1MB.");
	}

	private static void require(boolean condition, String property, Object value, String action) {
		if (!condition) {
			throw new InvalidIdempotencyConfigurationException(
					"The property idempotency." + property + " is '" + value + "', which cannot work.", action);
		}
	}

}
