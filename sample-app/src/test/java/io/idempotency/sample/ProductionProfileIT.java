package io.idempotency.sample;

import io.idempotency.sample.testsupport.PaymentClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ActiveProfiles;

import static org.assertj.core.api.Assertions.assertThat;

/** Production makes no faults on request, and has no page that asks for them. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
@ActiveProfiles("production")
class ProductionProfileIT {

	@LocalServerPort
	private int port;

	@Test
	void headersOfFaultsMeanNothing() {
		PaymentClient client = new PaymentClient(this.port);
		assertThat(client.pay("before", "X-Demo-Fail", "before").status()).isEqualTo(201);
		assertThat(client.pay("after", "X-Demo-Fail", "after").status()).isEqualTo(201);
		assertThat(client.pay("mistaken", "X-Demo-Delay", "soon").status()).isEqualTo(201);
	}

	@ParameterizedTest
	@ValueSource(strings = { "/", "/index.html", "/page.css", "/js/page.js" })
	void thereIsNoPage(String path) {
		assertThat(new PaymentClient(this.port).get(path).status()).isEqualTo(404);
	}

}
