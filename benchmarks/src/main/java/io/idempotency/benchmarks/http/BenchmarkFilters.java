package io.idempotency.benchmarks.http;

import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.servlet.Filter;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;

/** The filters of the application that is measured. */
@Configuration(proxyBeanMethods = false)
class BenchmarkFilters {

	@Bean
	FilterRegistrationBean<PrincipalFilter> principalFilter() {
		FilterRegistrationBean<PrincipalFilter> registration = new FilterRegistrationBean<>(new PrincipalFilter());
		registration.setOrder(-100);
		return registration;
	}

	/** A driver of its own, without the observation and the timeouts that Boot adds. */
	@Bean(destroyMethod = "shutdown")
	RedisClient bareRedisClient(@Value("${spring.data.redis.port}") int port) {
		return RedisClient.create(RedisURI.create("127.0.0.1", port));
	}

	@Bean(destroyMethod = "close")
	StatefulRedisConnection<byte[], byte[]> bareConnection(RedisClient bareRedisClient) {
		return bareRedisClient.connect(ByteArrayCodec.INSTANCE);
	}

	@Bean
	FilterRegistrationBean<FloorFilter> floorFilter(StatefulRedisConnection<byte[], byte[]> bareConnection) {
		return floor(bareConnection, Target.FLOOR);
	}

	@Bean
	FilterRegistrationBean<LeastFilter> leastFilter(StatefulRedisConnection<byte[], byte[]> bareConnection,
			MeterRegistry registry) {
		return filter(new LeastFilter(new LeastStore(bareConnection), registry.timer(Target.LEAST.label())),
				Target.LEAST);
	}

	@Bean(destroyMethod = "close")
	StatefulRedisConnection<byte[], byte[]> sharedConnection(LettuceConnectionFactory factory) {
		return ((RedisClient) factory.getRequiredNativeClient()).connect(ByteArrayCodec.INSTANCE);
	}

	@Bean
	FilterRegistrationBean<FloorFilter> sharedFloorFilter(StatefulRedisConnection<byte[], byte[]> sharedConnection) {
		return floor(sharedConnection, Target.SHARED);
	}

	private static FilterRegistrationBean<FloorFilter> floor(StatefulRedisConnection<byte[], byte[]> connection,
			Target target) {
		return filter(new FloorFilter(new FloorStore(connection)), target);
	}

	private static <F extends Filter> FilterRegistrationBean<F> filter(F filter, Target target) {
		FilterRegistrationBean<F> registration = new FilterRegistrationBean<>(filter);
		registration.setName(target.label() + "Filter");
		registration.addUrlPatterns(target.path());
		registration.setOrder(Ordered.LOWEST_PRECEDENCE - 10);
		return registration;
	}

}
