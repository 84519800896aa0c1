package io.idempotency;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a method safe to retry: of all calls with one key the first runs the method, and
 * every later one gets the first answer.
 * <p>
 * Stands on a method, on a class (then it means every public method of it, or of a
 * controller every handler), on a method of an interface that the bean implements, or as
 * a meta-annotation on an annotation of your own. On a handler method of Spring MVC the
 * key is the {@code Idempotency-Key} request header; on a method that processes messages
 * it comes from the message; on any other bean method {@link #key} has to be given.
 * <p>
 * Every String may hold a <code>${placeholder}</code>. Durations are written with a unit,
 * as {@code 500ms}, {@code 30s}, {@code 24h}, {@code 7d} or in ISO-8601. An empty String
 * means the default, a property of the same name below {@code idempotency}. What is wrong
 * with an attribute fails the start of the application.
 *
 * @see <a href=
 * "https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/">The
 * Idempotency-Key HTTP Header Field (IETF draft)</a>
 */
@Documented
@Target({ ElementType.METHOD, ElementType.TYPE })
@Retention(RetentionPolicy.RUNTIME)
public @interface Idempotent {

	/**
	 * A SpEL expression for the key. It sees the arguments by name ({@code #order.id}),
	 * other beans ({@code @tenants}), in an HTTP handler {@code #request} and
	 * {@code #headers}, and in a listener {@code #headers}. Where it is given, headers
	 * are not looked at. A value that is {@code null} or blank is a missing key.
	 */
	String key() default "";

	/**
	 * The name of the operation, the first part of a record's identity and the value of
	 * the {@code operation} tag. Default: HTTP method and route pattern of a handler, or
	 * class, method and parameter types of any other method. Two methods of one name
	 * share their keys.
	 */
	String operation() default "";

	/** How long a completed result is kept and replayed. */
	String ttl() default "";

	/**
	 * How long a claim outlives the process that made it. A living process renews it for
	 * as long as the method runs.
	 */
	String lease() default "";

	/**
	 * What a duplicate gets while the first call is still running. A message waits unless
	 * it says {@link InProgress#REJECT} here.
	 */
	InProgress inProgress() default InProgress.DEFAULT;

	/** How long {@link InProgress#WAIT} waits before it gives up. */
	String waitTimeout() default "";

	/** What becomes of the key when the call fails or its process dies. */
	Recovery recovery() default Recovery.DEFAULT;

	/**
	 * What becomes of a call when the store does not answer its claim. An operation with
	 * {@link Recovery#HOLD} is always refused then, whatever the property says, and
	 * {@link OnStoreFailure#PROCEED} on it fails the start: who would rather have no
	 * answer than a second effect does not want to run unprotected.
	 */
	OnStoreFailure onStoreFailure() default OnStoreFailure.DEFAULT;

	/**
	 * Whether a call without a key is refused. If not, it runs unprotected and is counted
	 * so.
	 */
	boolean required() default true;

	/**
	 * A SpEL expression for the part of the fingerprint that stands for the request body
	 * or the arguments. It sees what {@link #key} sees. Default: the whole body, or all
	 * arguments.
	 */
	String fingerprint() default "";

	/** The name of the store that keeps the records of this operation. */
	String store() default "";

}
