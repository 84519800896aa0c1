package io.idempotency.autoconfigure;

import java.io.OutputStream;
import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;

import io.idempotency.Idempotent;
import io.idempotency.InProgress;
import io.idempotency.InvalidIdempotencyConfigurationException;
import io.idempotency.OnStoreFailure;
import io.idempotency.Recovery;
import io.idempotency.store.memory.InMemoryIdempotencyStore;
import io.idempotency.testsupport.PackagePrivateBase;
import io.idempotency.web.FinishedResponse;
import io.idempotency.web.IdempotencyKeyResolver;
import io.idempotency.web.ResponseStoragePolicy;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.EnableAspectJAutoProxy;
import org.springframework.http.ResponseEntity;
import org.springframework.resilience.annotation.EnableResilientMethods;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.scheduling.annotation.Async;
import org.springframework.scheduling.annotation.EnableAsync;
import org.springframework.security.access.prepost.PostAuthorize;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.validation.annotation.Validated;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Each misuse fails the start with a description that names the place and an action: no
 * method ever runs unprotected because of a mistake.
 */
class MisuseTests {

	private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
		.withPropertyValues("idempotency.store=memory")
		.withConfiguration(AutoConfigurations.of(AopAutoConfiguration.class, DispatcherServletAutoConfiguration.class,
				WebMvcAutoConfiguration.class, InMemoryIdempotencyStoreAutoConfiguration.class,
				IdempotencyAutoConfiguration.class, IdempotencyWebMvcAutoConfiguration.class));

	static Stream<Arguments> misuses() {
		return Stream.of(misuse(PlainWithoutKey.class, "it is no HTTP handler", "SpEL expression"),
				misuse(BadSpel.class, "key is no SpEL expression", "Correct the expression"),
				misuse(BadFingerprint.class, "fingerprint is no SpEL expression", "Correct the expression"),
				misuse(UnknownVariable.class, "[#oder]", "names of the method's parameters"),
				misuse(HeaderOfAPlainBean.class, "[#headers]", "names of the method's parameters"),
				misuse(BadDuration.class, "ttl is '1 fortnight', which is no duration", "units ms, s, m, h, d"),
				misuse(DurationWithoutUnit.class, "lease is '30', which has no unit", "units ms, s, m, h, d"),
				misuse(MonthDuration.class, "ttl is 'P1M', which is no duration", "units ms, s, m, h, d"),
				misuse(ShortLease.class, "lease is PT1.999S, which is over before", "at least PT2S"),
				misuse(NegativeDuration.class, "ttl is '-5s', which is less than a millisecond", "units"),
				misuse(EndlessDuration.class, "which is more than ten years", "units"),
				misuse(UnknownPlaceholder.class, "'${no.such.property}'", "Define the property"),
				misuse(UnknownStore.class, "no store named 'mongo'", "Choose one of [memory]"),
				misuse(WaitTimeoutWithoutWait.class, "rejected and never wait", "InProgress.WAIT"),
				misuse(HeldAndUnprotected.class, "onStoreFailure = PROCEED runs it unprotected",
						"Take onStoreFailure away"),
				misuse(FinalClass.class, "the class is final", "Take 'final' away"),
				misuse(FinalMethod.class, "private, static or final", "public instance method"),
				misuse(PrivateMethod.class, "private, static or final", "public instance method"),
				misuse(StaticMethod.class, "private, static or final", "public instance method"),
				misuse(FuturePlain.class, "asynchronous method", "Return a CompletableFuture"),
				misuse(RawPromise.class, "what its future is of", "CompletableFuture<Receipt>"),
				misuse(Sse.class, "a SseEmitter streams", "Return the whole body"),
				misuse(Streaming.class, "a StreamingResponseBody streams", "Return the whole body"),
				misuse(PlainFuture.class, "Spring MVC does not wait", "Return the value itself"),
				misuse(JavaStream.class, "a Stream streams", "Return the whole body"),
				misuse(FutureHandler.class, "for whose CompletableFuture Spring MVC does not wait",
						"Return the value itself"),
				misuse(PromisedStream.class, "a SseEmitter streams", "Return the whole body"),
				misuse(FluxHandler.class, "a Flux streams", "Return the whole body"),
				misuse(MonoPlain.class, "asynchronous method", "Return a CompletableFuture"),
				misuse(StreamArgument.class, "an argument of type OutputStream", "HttpServletResponse"),
				misuse(ConstrainedReturn.class, "a constraint on the returned value", "service"),
				misuse(InheritsPackagePrivate.class, "visible in the package of", "Make it public"),
				misuse(TwoOfOneRoute.class, "is mapped to POST /act too", "operation = "),
				misuse(Asynchronous.class, "the method is asynchronous", "different methods"),
				misuse(ValidatedController.class, "checks the arguments after the key was claimed", "Take @Validated"),
				misuse(RetryableHandler.class, "@Retryable stands around it", "service"),
				misuse(FinalInBase.class, "private, static or final", "public instance method"),
				misuse(PostAuthorized.class, "@PostAuthorize looks at the returned value", "Use @PreAuthorize"));
	}

	private static Arguments misuse(Class<?> bean, String description, String action) {
		return Arguments.of(bean, description, action);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("misuses")
	void misuseOfTheAnnotationFailsTheStart(Class<?> bean, String description, String action) {
		this.runner.withUserConfiguration(bean).run((context) -> {
			assertThat(context).hasFailed();
			FailureAnalysis analysis = analyze(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains("@Idempotent on ")
				.containsAnyOf(bean.getSimpleName(), bean.getSuperclass().getSimpleName())
				.contains(description);
			assertThat(analysis.getAction()).contains(action);
		});
	}

	@Test
	void beanWithoutProxyFailsTheStart() {
		this.runner.withPropertyValues("spring.aop.auto=false").withBean("plain", Fine.class).run((context) -> {
			FailureAnalysis analysis = analyze(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains("'plain' has no proxy");
			assertThat(analysis.getAction()).contains("spring.aop.auto");
		});
	}

	@Test
	void methodSecurityInsideTheAspectFailsTheStart() {
		this.runner.withUserConfiguration(LateSecurity.class).withBean("plain", Secured.class).run((context) -> {
			FailureAnalysis analysis = analyze(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains("method security stands inside it");
			assertThat(analysis.getAction()).contains("@EnableMethodSecurity");
		});
	}

	@Test
	void transactionAroundTheAspectFailsTheStart() {
		this.runner.withUserConfiguration(EarlyTransactions.class)
			.withBean("plain", Transacted.class)
			.run((context) -> {
				FailureAnalysis analysis = analyze(context.getStartupFailure());
				assertThat(analysis.getDescription()).contains("the transaction stands around it");
				assertThat(analysis.getAction()).contains("@EnableTransactionManagement");
			});
	}

	@Test
	void singletonThatWasRegisteredByHandFailsTheStart() {
		this.runner.withInitializer((context) -> context.getBeanFactory().registerSingleton("byHand", new Fine()))
			.run((context) -> assertThat(analyze(context.getStartupFailure()).getDescription())
				.contains("'byHand' has no proxy"));
	}

	@Test
	void controllerInTheContextOfAnotherServletFailsItsStart() {
		this.runner.run((context) -> {
			try (AnnotationConfigApplicationContext child = new AnnotationConfigApplicationContext()) {
				child.setParent(context);
				child.registerBean("inChild", Fine.class);
				assertThatExceptionOfType(InvalidIdempotencyConfigurationException.class).isThrownBy(child::refresh)
					.withMessageContaining("'inChild' has no proxy");
			}
		});
	}

	@Test
	void correctUseStarts() {
		this.runner.withBean(Fine.class).run((context) -> assertThat(context).hasNotFailed());
		this.runner.withUserConfiguration(InterfaceProxies.class)
			.withPropertyValues("spring.aop.proxy-target-class=false")
			.withBean(FinalBehindInterface.class)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	static Stream<Arguments> properties() {
		return Stream.of(Arguments.of("idempotency.ttl=0s", "idempotency.ttl"),
				Arguments.of("idempotency.lease=-1s", "idempotency.lease"),
				Arguments.of("idempotency.lease=1999ms", "idempotency.lease"),
				Arguments.of("idempotency.store-timeout=0", "idempotency.store-timeout"),
				Arguments.of("idempotency.in-progress=default", "idempotency.in-progress"),
				Arguments.of("idempotency.recovery=default", "idempotency.recovery"),
				Arguments.of("idempotency.on-store-failure=default", "idempotency.on-store-failure"),
				Arguments.of("idempotency.redis.min-replicas=-1", "idempotency.redis.min-replicas"),
				Arguments.of("idempotency.redis.replica-timeout=0s", "idempotency.redis.replica-timeout"),
				Arguments.of("idempotency.new-keys.limit=-1", "idempotency.new-keys.limit"),
				Arguments.of("idempotency.new-keys.window=0s", "idempotency.new-keys.window"),
				Arguments.of("idempotency.http.header=Idempotency Key", "idempotency.http.header"),
				Arguments.of("idempotency.http.replay-header=", "idempotency.http.replay-header"),
				Arguments.of("idempotency.http.max-key-length=0", "idempotency.http.max-key-length"),
				Arguments.of("idempotency.http.max-request-size=3GB", "idempotency.http.max-request-size"),
				Arguments.of("idempotency.http.documentation-uri=problems", "idempotency.http.documentation-uri"),
				Arguments.of("idempotency.http.documentation-uri=https://example.com/#/problems",
						"idempotency.http.documentation-uri"),
				Arguments.of("idempotency.http.key-pattern=[0-9", "idempotency.http.key-pattern"),
				Arguments.of("idempotency.http.key-pattern=", "idempotency.http.key-pattern"),
				Arguments.of("idempotency.http.excluded-headers=X-Trace,X Cost", "idempotency.http.excluded-headers"),
				Arguments.of("idempotency.http.excluded-headers=content-TYPE", "idempotency.http.excluded-headers"),
				Arguments.of("idempotency.http.unstored-statuses=429,teapot", "idempotency.http.unstored-statuses"),
				Arguments.of("idempotency.http.unstored-statuses=42", "idempotency.http.unstored-statuses"),
				Arguments.of("idempotency.http.unstored-statuses=600", "idempotency.http.unstored-statuses"),
				Arguments.of("idempotency.http.unstored-statuses=200", "idempotency.http.unstored-statuses"),
				Arguments.of("idempotency.http.unstored-statuses=2xx", "idempotency.http.unstored-statuses"),
				Arguments.of("idempotency.memory.max-size=0B", "idempotency.memory.max-size"));
	}

	@ParameterizedTest
	@MethodSource("properties")
	void propertyThatCannotWorkFailsTheStart(String property, String name) {
		this.runner.withPropertyValues(property).run((context) -> {
			FailureAnalysis analysis = analyze(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains(name);
			assertThat(analysis.getAction()).isNotBlank();
		});
	}

	@Test
	void keyPatternThatIsNoRegularExpressionIsNamed() {
		this.runner.withPropertyValues("idempotency.http.key-pattern=[0-9").run((context) -> {
			FailureAnalysis analysis = analyze(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains("'[0-9', which is no regular expression: Unclosed");
			assertThat(analysis.getAction()).contains("[0-9a-f-]{36}");
		});
	}

	@ParameterizedTest
	@ValueSource(classes = { TwoKeyResolvers.class, TwoStoragePolicies.class })
	void twoBeansWhereOneDecidesFailTheStart(Class<?> beans) {
		this.runner.withUserConfiguration(beans).run((context) -> {
			FailureAnalysis analysis = analyze(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains("several beans of type io.idempotency.web.")
				.contains("[one, other]");
			assertThat(analysis.getAction()).contains("@Primary");
		});
	}

	@Test
	void oneOfTwoBeansMayBePrimary() {
		this.runner.withBean("one", ResponseStoragePolicy.class, () -> FinishedResponse::storedByStatus)
			.withBean("other", ResponseStoragePolicy.class, () -> (response) -> true,
					(definition) -> definition.setPrimary(true))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void redisStoreWithoutRedisFailsTheStart() {
		this.runner.withPropertyValues("idempotency.store=redis").withBean(Fine.class).run((context) -> {
			FailureAnalysis analysis = analyze(context.getStartupFailure());
			assertThat(analysis.getDescription()).contains("no store named 'redis'");
			assertThat(analysis.getAction()).contains("declared as LettuceConnectionFactory");
		});
	}

	@Test
	@ExtendWith(OutputCaptureExtension.class)
	void descriptionAndActionArePrinted(CapturedOutput output) {
		SpringApplication application = new SpringApplication(MisusedApplication.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		assertThatExceptionOfType(Exception.class)
			.isThrownBy(() -> application.run("--idempotency.store=memory", "--spring.main.banner-mode=off"));
		assertThat(output).contains("APPLICATION FAILED TO START")
			.contains("Description:")
			.contains("@Idempotent on " + PlainWithoutKey.class.getName()
					+ ".charge(java.lang.String): it is no HTTP handler")
			.contains("Action:")
			.contains("@Idempotent(key = \"#order.id\")");
	}

	private static FailureAnalysis analyze(Throwable failure) {
		assertThat(failure).isNotNull();
		Throwable cause = failure;
		while (cause != null && !(cause instanceof InvalidIdempotencyConfigurationException)) {
			cause = cause.getCause();
		}
		assertThat(cause).as("cause of " + failure).isNotNull();
		return new InvalidIdempotencyConfigurationFailureAnalyzer().analyze(failure);
	}

	@Configuration(proxyBeanMethods = false)
	static class TwoKeyResolvers {

		@Bean
		IdempotencyKeyResolver one() {
			return (call) -> "one";
		}

		@Bean
		IdempotencyKeyResolver other() {
			return (call) -> "other";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class TwoStoragePolicies {

		@Bean
		ResponseStoragePolicy one() {
			return FinishedResponse::storedByStatus;
		}

		@Bean
		ResponseStoragePolicy other() {
			return (response) -> true;
		}

	}

	static class Fine {

		@Idempotent(key = "#order", ttl = "PT1H", lease = "10s", operation = "${some.name:fine}")
		public String charge(String order) {
			return order;
		}

	}

	static class MonoPlain {

		@Idempotent(key = "#order")
		public Mono<String> charge(String order) {
			return Mono.just(order);
		}

	}

	@RestController
	static class PromisedStream {

		@Idempotent
		@PostMapping("/promised")
		public CompletableFuture<ResponseEntity<SseEmitter>> pieces() {
			return CompletableFuture.completedFuture(ResponseEntity.ok(new SseEmitter()));
		}

	}

	@RestController
	static class FluxHandler {

		@Idempotent
		@PostMapping("/flux")
		public Flux<String> pieces() {
			return Flux.just("a", "b");
		}

	}

	@RestController
	static class StreamArgument {

		@Idempotent
		@PostMapping("/stream-argument")
		public void write(OutputStream out) {
		}

	}

	@RestController
	static class ConstrainedReturn {

		@Idempotent
		@NotNull
		@PostMapping("/constrained")
		public String pay() {
			return "x";
		}

	}

	static class InheritsPackagePrivate extends PackagePrivateBase {

	}

	@RestController
	static class TwoOfOneRoute {

		@Idempotent
		@PostMapping(path = "/act", headers = "X-Action=pay")
		public String pay() {
			return "pay";
		}

		@Idempotent
		@PostMapping(path = "/act", headers = "X-Action=refund")
		public String refund() {
			return "refund";
		}

	}

	@EnableAsync
	static class Asynchronous {

		@Async
		@Idempotent(key = "#order")
		public void charge(String order) {
		}

	}

	@Validated
	@RestController
	@ImportAutoConfiguration(ValidationAutoConfiguration.class)
	static class ValidatedController {

		@Idempotent
		@PostMapping("/validated")
		public String pay(@RequestParam @Min(10) int amount) {
			return "x";
		}

	}

	@RestController
	@EnableResilientMethods
	static class RetryableHandler {

		@Idempotent
		@Retryable
		@PostMapping("/retryable")
		public String pay() {
			return "x";
		}

	}

	interface ChargingApi {

		@Idempotent(key = "#order")
		String charge(String order);

	}

	static class FinalBase {

		public final String charge(String order) {
			return order;
		}

	}

	static class FinalInBase extends FinalBase implements ChargingApi {

	}

	static class Secured {

		@PreAuthorize("hasRole('PAYER')")
		@Idempotent(key = "#order")
		public String charge(String order) {
			return order;
		}

	}

	static class Transacted {

		@Transactional
		@Idempotent(key = "#order")
		public String charge(String order) {
			return order;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableMethodSecurity(offset = 2000)
	static class LateSecurity {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement(order = 10)
	static class EarlyTransactions {

	}

	static class PlainWithoutKey {

		@Idempotent
		public void charge(String order) {
		}

	}

	static class BadSpel {

		@Idempotent(key = "#order.")
		public void charge(String order) {
		}

	}

	static class BadFingerprint {

		@Idempotent(key = "#order", fingerprint = "{1,")
		public void charge(String order) {
		}

	}

	static class UnknownVariable {

		@Idempotent(key = "#oder.id")
		public void charge(String order) {
		}

	}

	static class HeaderOfAPlainBean {

		@Idempotent(key = "#headers['x']")
		public void charge(String order) {
		}

	}

	static class BadDuration {

		@Idempotent(key = "#order", ttl = "1 fortnight")
		public void charge(String order) {
		}

	}

	static class DurationWithoutUnit {

		@Idempotent(key = "#order", lease = "30")
		public void charge(String order) {
		}

	}

	static class MonthDuration {

		@Idempotent(key = "#order", ttl = "P1M")
		public void charge(String order) {
		}

	}

	static class ShortLease {

		@Idempotent(key = "#order", lease = "1999ms")
		public void charge(String order) {
		}

	}

	static class NegativeDuration {

		@Idempotent(key = "#order", ttl = "-5s")
		public void charge(String order) {
		}

	}

	static class EndlessDuration {

		@Idempotent(key = "#order", ttl = "99999999999d")
		public void charge(String order) {
		}

	}

	static class UnknownPlaceholder {

		@Idempotent(key = "#order", ttl = "${no.such.property}")
		public void charge(String order) {
		}

	}

	static class UnknownStore {

		@Idempotent(key = "#order", store = "mongo")
		public void charge(String order) {
		}

	}

	static class WaitTimeoutWithoutWait {

		@Idempotent(key = "#order", inProgress = InProgress.REJECT, waitTimeout = "1s")
		public void charge(String order) {
		}

	}

	static class HeldAndUnprotected {

		@Idempotent(key = "#order", recovery = Recovery.HOLD, onStoreFailure = OnStoreFailure.PROCEED)
		public void charge(String order) {
		}

	}

	static final class FinalClass {

		@Idempotent(key = "#order")
		public void charge(String order) {
		}

	}

	static class FinalMethod {

		@Idempotent(key = "#order")
		public final void charge(String order) {
		}

	}

	static class PrivateMethod {

		@Idempotent(key = "#order")
		@SuppressWarnings("unused")
		private void charge(String order) {
		}

	}

	static class StaticMethod {

		@Idempotent(key = "#order")
		public static void charge(String order) {
		}

	}

	static class RawPromise {

		@Idempotent(key = "#order")
		@SuppressWarnings("rawtypes")
		public CompletableFuture charge(String order) {
			return CompletableFuture.completedFuture(order);
		}

	}

	static class FuturePlain {

		@Idempotent(key = "#order")
		public Future<BigDecimal> charge(String order) {
			return CompletableFuture.completedFuture(BigDecimal.ONE);
		}

	}

	@RestController
	static class Sse {

		@Idempotent
		@PostMapping("/sse")
		public SseEmitter stream() {
			return new SseEmitter();
		}

	}

	@RestController
	static class Streaming {

		@Idempotent
		@PostMapping("/streaming")
		public ResponseEntity<StreamingResponseBody> stream() {
			return ResponseEntity.ok((out) -> out.write(1));
		}

	}

	@RestController
	static class PlainFuture {

		@Idempotent
		@PostMapping("/future")
		public Future<String> later() {
			return new FutureTask<>(() -> "later");
		}

	}

	@RestController
	static class JavaStream {

		@Idempotent
		@PostMapping("/stream")
		public Stream<String> pieces() {
			return Stream.of("a", "b");
		}

	}

	@RestController
	static class FutureHandler {

		@Idempotent
		@PostMapping("/future")
		public ResponseEntity<CompletableFuture<List<String>>> later() {
			return ResponseEntity.ok(CompletableFuture.completedFuture(List.of()));
		}

	}

	@RestController
	static class PostAuthorized {

		@Idempotent
		@PostAuthorize("returnObject == 'x'")
		@PostMapping("/post-authorized")
		public String pay() {
			return "x";
		}

	}

	interface Charging {

		@Idempotent(key = "#order")
		String charge(String order);

	}

	static final class FinalBehindInterface implements Charging {

		@Override
		public String charge(String order) {
			return order;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableAspectJAutoProxy(proxyTargetClass = false)
	static class InterfaceProxies {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ AopAutoConfiguration.class, InMemoryIdempotencyStoreAutoConfiguration.class,
			IdempotencyAutoConfiguration.class })
	static class MisusedApplication {

		@Bean
		PlainWithoutKey plainWithoutKey() {
			return new PlainWithoutKey();
		}

		@Bean
		InMemoryIdempotencyStore spareIdempotencyStore() {
			return new InMemoryIdempotencyStore(1000);
		}

	}

}
