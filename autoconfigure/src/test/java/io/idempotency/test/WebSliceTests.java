package io.idempotency.test;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import io.idempotency.Idempotent;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.http.MediaType;
import org.springframework.mock.web.MockHttpServletResponse;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.post;

/**
 * A slice of the web with records of the test kit, as a user of the library writes one.
 */
@WebMvcTest(properties = "spring.main.banner-mode=off")
@AutoConfigureIdempotency
class WebSliceTests {

	@Autowired
	private MockMvc mvc;

	@Autowired
	private IdempotencyClock clock;

	@Autowired
	private AtomicInteger charges;

	@Test
	void chargeThatIsSentTwiceHappensOnceAndIsAnsweredAlike() throws Exception {
		List<MockHttpServletResponse> answers = DuplicateCheck.counting(this.charges::get)
			.sentTwice(() -> charge("order-1"));
		assertThat(answers.get(1).getContentAsString()).isEqualTo(answers.get(0).getContentAsString());
		assertThat(answers.get(0).getHeader("Idempotent-Replayed")).isNull();
		assertThat(answers.get(1).getHeader("Idempotent-Replayed")).isEqualTo("true");
	}

	@Test
	void recordEndsWhenTheTestLetsTimePass() throws Exception {
		charge("order-2");
		int before = this.charges.get();
		this.clock.advance(Duration.ofHours(23));
		charge("order-2");
		assertThat(this.charges).hasValue(before);
		this.clock.advance(Duration.ofHours(2));
		charge("order-2");
		assertThat(this.charges).hasValue(before + 1);
	}

	private MockHttpServletResponse charge(String key) throws Exception {
		return this.mvc
			.perform(post("/charges").header("Idempotency-Key", key)
				.contentType(MediaType.APPLICATION_JSON)
				.content("{\"amount\":25}"))
			.andReturn()
			.getResponse();
	}

	@SpringBootConfiguration
	@Import(Charges.class)
	static class Application {

		@Bean
		AtomicInteger charges() {
			return new AtomicInteger();
		}

	}

	@RestController
	static class Charges {

		private final AtomicInteger charges;

		Charges(AtomicInteger charges) {
			this.charges = charges;
		}

		@Idempotent
		@PostMapping("/charges")
		String charge(@RequestBody String body) {
			return "charge " + this.charges.incrementAndGet();
		}

	}

}
