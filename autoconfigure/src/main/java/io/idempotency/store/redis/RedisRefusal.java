package io.idempotency.store.redis;

import org.jspecify.annotations.Nullable;

/**
 * The errors by which a server refuses a command: nothing was changed, and there may be a
 * record. By the first word of the message, which is what a client may rely on. (That of
 * a script begins with the error of the command in it.)
 */
enum RedisRefusal {

	/** The server is full and evicts nothing. */
	OOM("It has reached its maxmemory: give it more, or shorten idempotency.ttl."),

	/** A replica, mostly a primary that was demoted. */
	READONLY("It is a replica now: another connection is being tried."),

	/** It reads its file after a start. */
	LOADING("It is starting."),

	/** A replica without a primary. */
	MASTERDOWN("It is a replica and has lost its primary."),

	/** A Cluster without all of its slots. */
	CLUSTERDOWN("The Cluster has lost a primary, and no replica has taken its place yet."),

	/** A slot that is being moved. */
	TRYAGAIN("A slot of the Cluster is being moved."),

	/** A script of somebody runs for too long. */
	BUSY("Somebody's script keeps it busy."),

	/** A Cluster's node that was taken for a single server. */
	MOVED("It is a node of a Cluster: set spring.data.redis.cluster.nodes instead of a host."),

	/** The same. */
	ASK("It is a node of a Cluster: set spring.data.redis.cluster.nodes instead of a host."),

	/** Too few replicas for {@code min-replicas-to-write}. */
	NOREPLICAS("It has fewer replicas than its own min-replicas-to-write wants."),

	/** It cannot write its file. */
	MISCONF("It cannot persist what it is told, and takes no more for that reason."),

	/** No credentials. */
	NOAUTH("It wants a password: set spring.data.redis.password."),

	/** Wrong credentials. */
	WRONGPASS("Check spring.data.redis.username and password."),

	/** A user without the right. */
	NOPERM("Its user lacks a right: the documentation of this library lists those that it needs."),

	/** Something else under one of the library's keys. */
	WRONGTYPE("Something else than this library writes under idempotency.key-prefix."),

	/** A command that it does not know in this form. */
	SYNTAX(""),

	/** Any other. */
	OTHER("");

	private static final String SYNTAX_ERROR = "ERR syntax error";

	/** How Redis 6 begins what went wrong in a script. */
	private static final String SCRIPT_ERROR = "ERR Error running script";

	/** How Redis says within a script what it calls NOPERM elsewhere. */
	private static final String FORBIDDEN_WITHIN = "The user executing the script can't";

	private static final String ERROR_WITHIN = ": -";

	private static final RedisRefusal[] ALL = values();

	private final String advice;

	RedisRefusal(String advice) {
		this.advice = advice;
	}

	static RedisRefusal of(Throwable error) {
		return of(error.getMessage());
	}

	static RedisRefusal of(@Nullable String message) {
		if (message == null) {
			return OTHER;
		}
		if (message.startsWith(SYNTAX_ERROR)) {
			return SYNTAX;
		}
		if (message.contains(FORBIDDEN_WITHIN)) {
			return NOPERM;
		}
		int within = message.startsWith(SCRIPT_ERROR) ? message.lastIndexOf(ERROR_WITHIN) : -1;
		int start = (within >= 0) ? within + ERROR_WITHIN.length() : 0;
		int end = message.indexOf(' ', start);
		String code = (end >= 0) ? message.substring(start, end) : message.substring(start);
		for (RedisRefusal refusal : ALL) {
			if (refusal.name().equals(code)) {
				return refusal;
			}
		}
		return OTHER;
	}

	/** The server's own words, and what to do about it. */
	String explain(@Nullable String message) {
		if (this.advice.isEmpty() || message == null) {
			return String.valueOf(message);
		}
		return message + (message.endsWith(".") ? " " : ". ") + this.advice;
	}

}
