package io.idempotency.store.redis;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The transitions that have to prove ownership, and two questions. Each touches its one
 * key only, so it is at home in a Cluster, and writes, so no driver sends it to a
 * replica.
 * <p>
 * {@code ARGV[1]} is what a pending value of the owner starts with. Offsets are Strings,
 * since Redis takes longer to make a text of a number.
 */
enum RedisScript {

	/** {@code ARGV[2]}: milliseconds. */
	RENEW("""
			if redis.call('GETRANGE', KEYS[1], '0', '8') == ARGV[1] then
			  return redis.call('PEXPIRE', KEYS[1], ARGV[2])
			end
			return 0
			"""),

	/**
	 * {@code ARGV[2]}: milliseconds, {@code ARGV[3]}: the value. An absent record belongs
	 * to nobody else. One that this owner completed before (33, or 34: not kept) is a
	 * lost reply: it stays as it is, but is written to, so that replicas can be waited
	 * for. Its owner is known by what it has in common with the value: a byte of the
	 * token, and the fingerprint. All other states of this format (32 to 36) are open to
	 * the owner.
	 */
	COMPLETE("""
			local head = redis.call('GETRANGE', KEYS[1], '0', '8')
			if head ~= ARGV[1] and head ~= '' then
			  local state = string.byte(head)
			  if state == 33 or state == 34 then
			    if string.sub(head, 2) ~= string.sub(ARGV[3], 2, 9) then
			      return 0
			    end
			    local left = redis.call('PTTL', KEYS[1])
			    if left > 0 then
			      redis.call('PEXPIRE', KEYS[1], left)
			    end
			    return 1
			  end
			  if state < 32 or state > 36 or string.sub(head, 2) ~= string.sub(ARGV[1], 2) then
			    return 0
			  end
			end
			redis.call('PSETEX', KEYS[1], ARGV[2], ARGV[3])
			return 1
			"""),

	RELEASE("""
			if redis.call('GETRANGE', KEYS[1], '0', '8') == ARGV[1] then
			  return redis.call('DEL', KEYS[1])
			end
			return 0
			"""),

	/** {@code ARGV[2]}: milliseconds of the hold. The state becomes abandoned. */
	ABANDON("""
			if redis.call('GETRANGE', KEYS[1], '0', '8') == ARGV[1] then
			  redis.call('SETRANGE', KEYS[1], '0', '\\35')
			  return redis.call('PEXPIRE', KEYS[1], ARGV[2])
			end
			return 0
			"""),

	/**
	 * Counts one more in a window. {@code ARGV[1]} is how many it has room for,
	 * {@code ARGV[2]} how many milliseconds it lasts. Answers the milliseconds that are
	 * left of it if it is full now, else 0.
	 */
	COUNT("""
			local count = redis.call('INCR', KEYS[1])
			if count == 1 then
			  redis.call('PEXPIRE', KEYS[1], ARGV[2])
			end
			if count >= tonumber(ARGV[1]) then
			  return redis.call('PTTL', KEYS[1])
			end
			return 0
			"""),

	/**
	 * The server's time in microseconds, if the value is the owner's, else 0. Only reads,
	 * but is no read for a driver, so no replica is asked.
	 */
	FENCE("""
			if redis.call('GETRANGE', KEYS[1], '0', '8') == ARGV[1] then
			  local now = redis.call('TIME')
			  return now[1] * 1000000 + now[2]
			end
			return 0
			"""),

	/**
	 * Replaces the mark {@code ARGV[1]}, which is empty where there is to be none, by
	 * {@code ARGV[2]}.
	 */
	ADVANCE("""
			if redis.call('GETRANGE', KEYS[1], '0', '-1') ~= ARGV[1] then
			  return 0
			end
			redis.call('SET', KEYS[1], ARGV[2])
			return 1
			"""),

	/**
	 * Whether the lease of a held value has ended, by the server's clock. {@code ARGV[1]}
	 * is the start of the value that was seen, {@code ARGV[2]} the milliseconds of its
	 * hold. Answers 1 if so, 0 if not, 2 if there is another value by now. Only reads,
	 * but is no read for a driver, so no replica is asked.
	 */
	LAPSED("""
			if redis.call('GETRANGE', KEYS[1], '0', '8') ~= ARGV[1] then
			  return 2
			end
			if redis.call('PTTL', KEYS[1]) > tonumber(ARGV[2]) then
			  return 0
			end
			return 1
			"""),

	/** The value, empty if there is none, and the milliseconds that are left of it. */
	LOOK("""
			return {redis.call('GETRANGE', KEYS[1], '0', '-1'), redis.call('PTTL', KEYS[1])}
			"""),

	/**
	 * Removes the value {@code ARGV[1]}, all of it, if it has no more milliseconds left
	 * than {@code ARGV[2]} or that is negative.
	 */
	REMOVE("""
			if redis.call('GETRANGE', KEYS[1], '0', '-1') ~= ARGV[1] then
			  return 0
			end
			local most = tonumber(ARGV[2])
			if most >= 0 and redis.call('PTTL', KEYS[1]) > most then
			  return 0
			end
			return redis.call('DEL', KEYS[1])
			""");

	private final String text;

	private final String digest;

	RedisScript(String text) {
		this.text = text;
		this.digest = sha1(text);
	}

	String text() {
		return this.text;
	}

	/** The name under which a server knows the script once it has seen it. */
	String digest() {
		return this.digest;
	}

	/** A number as an argument. */
	static byte[] ascii(long number) {
		return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
	}

	private static String sha1(String text) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
			return HexFormat.of().formatHex(digest);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
