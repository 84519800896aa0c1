package io.idempotency.aop;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import io.idempotency.IdempotentStream;
import io.idempotency.StreamPositionException;
import io.idempotency.autoconfigure.IdempotencyAutoConfiguration;
import io.idempotency.autoconfigure.IdempotentStreamAutoConfiguration;
import io.idempotency.autoconfigure.InMemoryIdempotencyStoreAutoConfiguration;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/** Annotated methods of beans: where the annotation stands, and what it is told. */
class StreamMethodTests {

	private static ConfigurableApplicationContext application;

	private static Listener listener;

	private final String stream = UUID.randomUUID().toString();

	@BeforeAll
	static void start() {
		application = new SpringApplicationBuilder(Beans.class).web(WebApplicationType.NONE)
			.properties("idempotency.store=memory", "spring.main.banner-mode=off", "logging.level.root=warn",
					"orders.operation=orders of a listener")
			.run();
		listener = application.getBean(Listener.class);
	}

	@AfterAll
	static void stop() {
		application.close();
	}

	@Test
	void replayIsSkippedAndANewPositionIsNot() {
		listener.handle(this.stream, 5L);
		listener.handle(this.stream, 5L);
		listener.handle(this.stream, 4L);
		listener.handle(this.stream, 9L);
		assertThat(listener.handled(this.stream)).containsExactly(5L, 9L);
		assertThat(application.getBean(MeterRegistry.class)
			.get("idempotency.stream.positions")
			.tags("operation", "orders of a listener", "outcome", "replayed")
			.timer()
			.count()).isPositive();
	}

	static Stream<Object> numbers() {
		return Stream.of(7, (short) 7, (byte) 7, 7L, "7", " 7 ", BigInteger.valueOf(7), new BigDecimal("7.00"), 7.0);
	}

	@ParameterizedTest
	@MethodSource("numbers")
	void positionIsAWholeNumberOrItsDigits(Object position) {
		listener.handle(this.stream, 6);
		listener.handle(this.stream, position);
		listener.handle(this.stream, 7);
		assertThat(listener.handled(this.stream)).containsExactly(6, position);
	}

	static Stream<Object> noNumbers() {
		return Stream.of("", " ", "7.0", "0x7", "seven", "9223372036854775808", 7.5, Double.NaN,
				BigInteger.ONE.shiftLeft(63), new BigDecimal("1e1000000000"), new BigDecimal("1e-1000000000"), 'a',
				List.of(7));
	}

	@ParameterizedTest
	@MethodSource("noNumbers")
	void anythingElseIsRefused(Object position) {
		assertThatExceptionOfType(StreamPositionException.class)
			.isThrownBy(() -> listener.handle(this.stream, position))
			.withMessageContaining("its position is ");
		assertThat(listener.handled(this.stream)).isEmpty();
	}

	@Test
	void callWithoutAPlaceIsRefused() {
		assertThatExceptionOfType(StreamPositionException.class).isThrownBy(() -> listener.handle(this.stream, null))
			.withMessageContaining("its position is null");
		assertThatExceptionOfType(StreamPositionException.class).isThrownBy(() -> listener.handle(null, 1))
			.withMessageContaining("no stream");
		assertThatExceptionOfType(StreamPositionException.class).isThrownBy(() -> listener.handle(" ", 1))
			.withMessageContaining("no stream");
	}

	@Test
	void annotationOnAnInterfaceAndAMetaAnnotationCount() {
		Inherited inherited = application.getBean(Inherited.class);
		for (int i = 0; i < 2; i++) {
			inherited.onInterface(this.stream, 1);
			inherited.onMeta(this.stream, 1);
		}
		assertThat(inherited.handled()).containsExactly("interface", "meta");
	}

	@Test
	void argumentsMayTellWhatTheAnnotationDoesNot() {
		Listener.Message message = new Listener.Message(this.stream, 3);
		listener.receive(message);
		listener.receive(message);
		listener.receive(new Listener.Message(this.stream, 4));
		assertThat(listener.handled(this.stream)).containsExactly(3L, 4L);
		listener.receiveElsewhere(message, this.stream + "'");
		assertThat(listener.handled(this.stream)).containsExactly(3L, 4L, 3L);
	}

	@Test
	void callWithinATransactionThatTheMarkWouldOutliveIsRefused() {
		TransactionSynchronizationManager.setActualTransactionActive(true);
		try {
			assertThatIllegalStateException().isThrownBy(() -> listener.handle(this.stream, 1))
				.withMessageContaining("jdbc-transactional");
		}
		finally {
			TransactionSynchronizationManager.setActualTransactionActive(false);
		}
		listener.handle(this.stream, 1);
		assertThat(listener.handled(this.stream)).containsExactly(1);
	}

	/** What positions were handled, per stream. */
	static class Listener {

		private final Map<String, List<Object>> handled = new ConcurrentHashMap<>();

		@IdempotentStream(stream = "#a0", position = "#position", operation = "${orders.operation}")
		public void handle(String stream, Object position) {
			handled(stream).add(position);
		}

		@IdempotentStream
		public void receive(Message message) {
			handled(message.stream()).add(message.position());
		}

		@IdempotentStream(stream = "#place")
		public void receiveElsewhere(Message message, String place) {
			handled(message.stream()).add(message.position());
		}

		public List<Object> handled(String stream) {
			return this.handled.computeIfAbsent(String.valueOf(stream), (missing) -> new ArrayList<>());
		}

		record Message(String stream, long position) {
		}

	}

	/** As a binding of a message broker would be. */
	static class Messages implements PositionSource {

		@Override
		public boolean serves(Method method) {
			return Stream.of(method.getParameterTypes()).anyMatch(Listener.Message.class::equals);
		}

		@Override
		public Object stream(Method method, Object[] arguments) {
			return ((Listener.Message) arguments[0]).stream();
		}

		@Override
		public Object position(Method method, Object[] arguments) {
			return ((Listener.Message) arguments[0]).position();
		}

	}

	@Target(ElementType.METHOD)
	@Retention(RetentionPolicy.RUNTIME)
	@IdempotentStream(stream = "#a0", position = "#a1")
	@interface InOrder {

	}

	interface OnInterface {

		@IdempotentStream(stream = "#stream", position = "#position")
		void onInterface(String stream, long position);

	}

	static class Inherited implements OnInterface {

		private final List<String> handled = new ArrayList<>();

		@Override
		public void onInterface(String stream, long position) {
			this.handled.add("interface");
		}

		public List<String> handled() {
			return this.handled;
		}

		@InOrder
		public void onMeta(String stream, long position) {
			this.handled.add("meta");
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ AopAutoConfiguration.class, InMemoryIdempotencyStoreAutoConfiguration.class,
			IdempotencyAutoConfiguration.class, IdempotentStreamAutoConfiguration.class })
	@Import({ Listener.class, Inherited.class, Messages.class })
	static class Beans {

		@Bean
		MeterRegistry meters() {
			return new SimpleMeterRegistry();
		}

	}

}
