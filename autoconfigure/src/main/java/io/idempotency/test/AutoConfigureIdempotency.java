package io.idempotency.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.PropertyMapping;

/**
 * Switches idempotent operations on in a test, a slice such as {@code @WebMvcTest} or a
 * whole application, with records in memory that expire by the {@link IdempotencyClock}
 * of the test's context. Operations whose annotation names another store keep it.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration
@PropertyMapping("idempotency")
public @interface AutoConfigureIdempotency {

	/** The store of operations that name none; as {@code idempotency.store}. */
	String store() default "memory";

}
