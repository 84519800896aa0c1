/**
 * What more records, duplicates, bytes and operations cost. After {@code mvn package},
 * from the root of the repository:
 *
 * <pre>
 * java -Xmx6g -cp benchmarks/target/idempotency-benchmarks-0.1.0-SNAPSHOT.jar \
 *     io.idempotency.benchmarks.growth.GrowthBenchmarks
 * </pre>
 *
 * It takes about a minute. With {@code --max=10000000}, a heap of 12 GB and 4 GB for
 * Redis there is one size more.
 */
@NullMarked
package io.idempotency.benchmarks.growth;

import org.jspecify.annotations.NullMarked;
