package io.idempotency;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Lets a method handle each position of an ordered log once: a partition of Kafka, a
 * change-data-capture log, the events of an aggregate. Of every stream only the highest
 * position that was done is kept, its high-water mark, and not a record for each message.
 * A call at or below the mark is a replay and returns without running the method; one
 * above it runs the method and advances the mark. Gaps are normal.
 * <p>
 * <strong>The positions of a stream have to be handled in order</strong>, by one consumer
 * at a time: a position that another has overtaken stands below the mark and would be
 * skipped without having been done. What handles messages of one stream at once, or puts
 * a failed one aside and goes on with the next, needs {@link Idempotent} instead. Where a
 * process sees two positions of one stream at the same time, the second one is refused
 * with a {@link StreamOrderException}.
 * <p>
 * An exception of the method passes through, and the mark stays. The method has to be
 * done when it returns, and returns nothing, as there is nothing to answer a replay with:
 * {@code void}, and neither a future nor {@code @Async}. With the store
 * {@code jdbc-transactional} the mark is committed together with what the method writes.
 * <p>
 * Stands on a method of a bean, on a method of an interface or superclass that it
 * implements or overrides, or as a meta-annotation on an annotation of your own. Every
 * String may hold a <code>${placeholder}</code>. What is wrong with an attribute fails
 * the start of the application.
 */
@Documented
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
public @interface IdempotentStream {

	/**
	 * A SpEL expression for the stream that a call belongs to, as in
	 * {@code #event.account}. It sees the arguments by name and other beans. Everything
	 * that has positions of its own has to be told apart by it: a topic alone is not
	 * enough where each of its partitions counts for itself. A value that is {@code null}
	 * or blank is refused with a {@link StreamPositionException}. Not needed where an
	 * argument is a record of Kafka: it is topic and partition.
	 */
	String stream() default "";

	/**
	 * A SpEL expression for the position of a call in its stream, as in
	 * {@code #event.sequence}: a whole number of 64 bits, or the decimal digits of one,
	 * which only grows. Anything else is refused with a {@link StreamPositionException}.
	 * Not needed where an argument is a record of Kafka: it is the offset.
	 */
	String position() default "";

	/**
	 * The name of the operation, the first part of a mark's identity and the value of the
	 * {@code operation} tag. Default: class, method and parameter types. Give it a name
	 * where the log may be read again, as a method that is renamed knows no marks. Two
	 * methods of one name fail the start: each would skip what the other has done.
	 */
	String operation() default "";

	/**
	 * The name of the store that keeps the marks: {@code redis}, {@code jdbc},
	 * {@code jdbc-transactional} or {@code memory}. Default: {@code idempotency.store}.
	 */
	String store() default "";

}
