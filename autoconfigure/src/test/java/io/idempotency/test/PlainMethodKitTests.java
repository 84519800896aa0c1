package io.idempotency.test;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.idempotency.Idempotent;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/** The test kit around a plain method of a whole application, and what it finds. */
@SpringBootTest(webEnvironment = WebEnvironment.NONE, properties = "spring.main.banner-mode=off")
@AutoConfigureIdempotency
class PlainMethodKitTests {

	@Autowired
	private Mails mails;

	@Autowired
	private IdempotencyClock clock;

	@Autowired
	private AtomicInteger sent;

	@Test
	void methodThatIsCalledTwiceRunsOnce() throws Exception {
		assertThat(DuplicateCheck.counting(this.sent::get).sentTwice(() -> this.mails.send("invoice-1")))
			.containsExactly("to invoice-1", "to invoice-1");
	}

	@Test
	void methodThatIsCalledAtOnceRunsOnce() throws Exception {
		assertThat(DuplicateCheck.counting(this.sent::get).sentAtOnce(16, () -> this.mails.send("invoice-2")))
			.isNotEmpty()
			.containsOnly("to invoice-2");
	}

	@Test
	void recordEndsWhenTheTestLetsTimePass() {
		this.mails.send("invoice-3");
		int before = this.sent.get();
		this.clock.advance(Duration.ofHours(25));
		this.mails.send("invoice-3");
		assertThat(this.sent).hasValue(before + 1);
	}

	@Test
	void clockDoesNotGoBack() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.clock.advance(Duration.ofSeconds(-1)));
	}

	@Test
	void checkFindsWhatIsNotProtected() {
		AtomicInteger effects = new AtomicInteger();
		DuplicateCheck check = DuplicateCheck.counting(effects::get);
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> check.sentTwice(effects::incrementAndGet))
			.withMessage("Sent twice, it happened 2 times");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> check.sentTwice(() -> "nothing"))
			.withMessage("The first call had 0 effects instead of one");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> check.sentAtOnce(3, effects::incrementAndGet))
			.withMessage("Sent 3 times at once, it happened 3 times");
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(() -> check.sentAtOnce(2, () -> {
			throw new IllegalStateException("made to fail");
		})).withMessage("made to fail");
	}

	@SpringBootConfiguration
	@EnableAutoConfiguration
	@Import(Mails.class)
	static class Application {

		@Bean
		AtomicInteger sent() {
			return new AtomicInteger();
		}

	}

	static class Mails {

		private final AtomicInteger sent;

		Mails(AtomicInteger sent) {
			this.sent = sent;
		}

		@Idempotent(key = "#invoice")
		public String send(String invoice) {
			this.sent.incrementAndGet();
			return "to " + invoice;
		}

	}

}
