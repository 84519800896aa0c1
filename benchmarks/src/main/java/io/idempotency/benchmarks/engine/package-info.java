/**
 * The library alone, measured with JMH. After {@code mvn package}, from the root of the
 * repository:
 *
 * <pre>
 * java -cp benchmarks/target/idempotency-benchmarks-0.1.0-SNAPSHOT.jar \
 *     io.idempotency.benchmarks.engine.EngineBenchmarks
 * </pre>
 *
 * It takes about seven minutes, and the options of JMH: {@code -f 3 -wi 5 -i 10} for
 * numbers to rely on, a regular expression for a part of it. Benchmarks of classes that
 * are package-private stand in the packages of those.
 */
@NullMarked
package io.idempotency.benchmarks.engine;

import org.jspecify.annotations.NullMarked;
