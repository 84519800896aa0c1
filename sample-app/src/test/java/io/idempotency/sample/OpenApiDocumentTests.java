package io.idempotency.sample;

import java.util.List;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request;
import com.atlassian.oai.validator.model.SimpleRequest;
import com.atlassian.oai.validator.model.SimpleResponse;
import io.idempotency.sample.testsupport.Answer;
import io.idempotency.sample.testsupport.PaymentClient;
import io.swagger.parser.OpenAPIParser;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/** Who has the OpenAPI document and nothing else can pay, once. */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
		properties = { "idempotency.store=jdbc-transactional", "spring.datasource.url=jdbc:h2:mem:documented" })
class OpenApiDocumentTests {

	private static final String PAYMENT = PaymentClient.payment("documented");

	@LocalServerPort
	private int port;

	private PaymentClient client;

	private String document;

	@BeforeEach
	void read() {
		this.client = new PaymentClient(this.port);
		this.document = this.client.get("/v3/api-docs").text();
	}

	@Test
	void documentIsValidAndAsksForTheKey() {
		SwaggerParseResult parsed = new OpenAPIParser().readContents(this.document, null, null);
		assertThat(parsed.getMessages()).isEmpty();
		for (String path : List.of("/payments", "/payments/waiting", "/orders", "/orders/{id}/cancellation")) {
			Parameter key = key(parsed.getOpenAPI(), path);
			assertThat(key.getRequired()).isTrue();
			assertThat(key.getSchema().getMaxLength()).isEqualTo(257);
			assertThat(parsed.getOpenAPI().getPaths().get(path).getPost().getDescription())
				.contains("gets the first answer for 24 hours");
		}
		assertThat(parsed.getOpenAPI().getPaths().get("/unprotected/payments").getPost().getParameters()).isNull();
	}

	@Test
	void requestMadeOfTheDocumentPaysOnce() {
		OpenApiInteractionValidator validator = OpenApiInteractionValidator
			.createForInlineApiSpecification(this.document)
			.build();
		Parameter key = key(new OpenAPIParser().readContents(this.document, null, null).getOpenAPI(), "/payments");
		String value = key.getExample().toString();
		SimpleRequest.Builder request = SimpleRequest.Builder.post("/payments")
			.withContentType("application/json")
			.withBody(PAYMENT);
		assertThat(validator.validateRequest(request.build()).hasErrors()).isTrue();
		assertThat(validator.validateRequest(request.withHeader(key.getName(), value).build()).getMessages()).isEmpty();
		Answer first = this.client.post("/payments", value, PAYMENT);
		Answer second = this.client.post("/payments", value, PAYMENT);
		assertThat(first.status()).isEqualTo(201);
		assertThat(second.isReplay()).isTrue();
		for (Answer answer : List.of(first, second)) {
			SimpleResponse.Builder response = SimpleResponse.Builder.status(answer.status()).withBody(answer.text());
			answer.response().headers().map().forEach(response::withHeader);
			assertThat(validator.validateResponse("/payments", Request.Method.POST, response.build()).getMessages())
				.isEmpty();
		}
	}

	private static Parameter key(OpenAPI document, String path) {
		return document.getPaths()
			.get(path)
			.getPost()
			.getParameters()
			.stream()
			.filter((parameter) -> parameter.getIn().equals("header") && parameter.getName().equals("Idempotency-Key"))
			.findFirst()
			.orElseThrow();
	}

}
