package io.idempotency.sample;

import io.idempotency.sample.testsupport.PaymentClient;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.context.ActiveProfiles;

import static org.assertj.core.api.Assertions.assertThat;

/** Production makes no faults on request. */
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

}
