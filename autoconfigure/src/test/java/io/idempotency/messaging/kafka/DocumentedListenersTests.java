package io.idempotency.messaging.kafka;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import io.idempotency.autoconfigure.IdempotencyAutoConfiguration;
import io.idempotency.autoconfigure.IdempotencyKafkaAutoConfiguration;
import io.idempotency.autoconfigure.IdempotencyMessagingAutoConfiguration;
import io.idempotency.autoconfigure.InMemoryIdempotencyStoreAutoConfiguration;
import io.idempotency.testsupport.DocumentedCode;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Whoever copies the listeners of the documentation has listeners that work: compiled and
 * run as they stand there, with the properties that stand there.
 */
@ExtendWith(OutputCaptureExtension.class)
class DocumentedListenersTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final String TOPIC = "payments";

	private static final String GROUP = "ledger";

	@TempDir
	private Path directory;

	@Test
	void paymentThatTheSenderOfTheReadmeSendsTwiceIsBookedOnce(CapturedOutput output) throws Exception {
		DocumentedCode readme = DocumentedCode.between("README.md", "### Messages", "### Problems");
		List<Class<?>> classes = readme.compile(this.directory);
		assertThat(classes).extracting(Class::getName).containsExactly("PaymentListener", "PaymentSender");
		assertThat(readme.properties()).containsKey("spring.kafka.bootstrap-servers");
		try (ConfigurableApplicationContext application = run(classes, readme.properties())) {
			awaitAllDone("25.00 EUR", 2);
			redeliverAll(application);
			assertThat(StringUtils.countOccurrencesOf(output.getOut(), "booked 25.00 EUR")).isOne();
		}
	}

	@Test
	void paymentThatIsSentTwiceToTheFirstListenerOfThePageIsBookedOnce(CapturedOutput output) throws Exception {
		DocumentedCode page = DocumentedCode.between("docs/messaging.md", "# Messages", "## The key");
		String payment = UUID.randomUUID().toString();
		try (ConfigurableApplicationContext application = run(page.compile(this.directory), Map.of())) {
			send(application, payment, "key of " + payment);
			send(application, payment, "key of " + payment);
			awaitAllDone(payment, 2);
			redeliverAll(application);
			assertThat(StringUtils.countOccurrencesOf(output.getOut(), "booked " + payment)).isOne();
		}
	}

	@Test
	void batchOfThePageThatIsDeliveredAgainIsBookedOnce(CapturedOutput output) throws Exception {
		DocumentedCode page = DocumentedCode.between("docs/messaging.md", "## Batches", "## Redis Streams");
		String payment = UUID.randomUUID().toString();
		try (ConfigurableApplicationContext application = run(page.compile(this.directory), Map.of())) {
			send(application, payment + " a", null);
			send(application, payment + " b", null);
			awaitAllDone(payment + " b", 1);
			redeliverAll(application);
			assertThat(StringUtils.countOccurrencesOf(output.getOut(), "booked " + payment + " a")).isOne();
			assertThat(StringUtils.countOccurrencesOf(output.getOut(), "booked " + payment + " b")).isOne();
		}
	}

	private static ConfigurableApplicationContext run(List<Class<?>> classes, Map<String, Object> properties) {
		Map<String, Object> all = new HashMap<>(properties);
		all.putAll(KafkaApplication.properties());
		return new SpringApplicationBuilder(Application.class).sources(classes.toArray(Class<?>[]::new))
			.resourceLoader(new DefaultResourceLoader(classes.get(0).getClassLoader()))
			.web(WebApplicationType.NONE)
			.properties(all)
			.run();
	}

	@SuppressWarnings("unchecked") // the one that Spring Boot makes
	private static void send(ConfigurableApplicationContext application, String payment, @Nullable String key) {
		ProducerRecord<String, String> record = new ProducerRecord<>(TOPIC, payment);
		if (key != null) {
			record.headers().add("Idempotency-Key", key.getBytes(StandardCharsets.UTF_8));
		}
		application.getBean(KafkaTemplate.class).send(record).join();
	}

	/** Waits until something was sent so often, and all that is there was processed. */
	private static void awaitAllDone(String payment, int times) {
		await().atMost(PATIENCE)
			.until(() -> Collections.frequency(KafkaBroker.content(TOPIC), payment) == times
					&& KafkaBroker.committed(GROUP, TOPIC) == KafkaBroker.content(TOPIC).size());
	}

	private static void redeliverAll(ConfigurableApplicationContext application) {
		MessageListenerContainer container = application.getBean(KafkaListenerEndpointRegistry.class)
			.getListenerContainers()
			.iterator()
			.next();
		container.stop();
		KafkaBroker.rewind(GROUP, TOPIC);
		container.start();
		await().atMost(PATIENCE).until(() -> KafkaBroker.committed(GROUP, TOPIC) == KafkaBroker.content(TOPIC).size());
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ AopAutoConfiguration.class, KafkaAutoConfiguration.class,
			IdempotencyAutoConfiguration.class, IdempotencyKafkaAutoConfiguration.class,
			IdempotencyMessagingAutoConfiguration.class, InMemoryIdempotencyStoreAutoConfiguration.class })
	static class Application {

	}

}
