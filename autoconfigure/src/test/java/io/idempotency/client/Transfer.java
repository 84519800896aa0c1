package io.idempotency.client;

import java.net.http.HttpClient;
import java.time.Duration;

import io.idempotency.Idempotent;
import io.idempotency.StoreUnavailableException;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

import io.idempotency.autoconfigure.IdempotencyAutoConfiguration;
import io.idempotency.autoconfigure.IdempotencyClientAutoConfiguration;
import io.idempotency.autoconfigure.RedisIdempotencyStoreAutoConfiguration;

import static org.awaitility.Awaitility.await;

/**
 * A process that makes one transfer and, where it is told to, dies when the provider has
 * answered and nothing is stored.
 */
class Transfer {

	private final RestClient provider;

	private final boolean dies;

	Transfer(RestClient provider, boolean dies) {
		this.provider = provider;
		this.dies = dies;
	}

	/** Makes the transfer of the key in {@code transfer.key}. */
	public static void main(String[] args) {
		try (ConfigurableApplicationContext application = new SpringApplicationBuilder(Beans.class)
			.web(WebApplicationType.NONE)
			.run(args)) {
			Environment environment = application.getEnvironment();
			String key = environment.getRequiredProperty("transfer.key");
			// whose first connection may take longer than a call of its store
			await().atMost(Duration.ofSeconds(60))
				.ignoreExceptionsInstanceOf(StoreUnavailableException.class)
				.until(() -> application.getBean(Transfer.class).make(key).equals("done"));
		}
	}

	@Idempotent(key = "#key", operation = "transfer")
	String make(String key) {
		for (String leg : new String[] { "debit", "credit" }) {
			this.provider.post().uri("/charges").body(leg).retrieve().toBodilessEntity();
		}
		if (this.dies) {
			Runtime.getRuntime().halt(137);
		}
		return "done";
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ AopAutoConfiguration.class, DataRedisAutoConfiguration.class,
			IdempotencyAutoConfiguration.class, RedisIdempotencyStoreAutoConfiguration.class,
			IdempotencyClientAutoConfiguration.class })
	static class Beans {

		@Bean
		Transfer transfer(OutgoingKeys keys, Environment environment) {
			RestClient.Builder client = RestClient.builder()
				.requestFactory(new JdkClientHttpRequestFactory(
						HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()))
				.baseUrl(environment.getRequiredProperty("provider.url"));
			if (environment.getRequiredProperty("transfer.keys", Boolean.class)) {
				client.requestInterceptor(keys.interceptor("payments"));
			}
			return new Transfer(client.build(), environment.getRequiredProperty("transfer.dies", Boolean.class));
		}

	}

}
