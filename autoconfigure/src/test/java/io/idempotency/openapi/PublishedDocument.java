package io.idempotency.openapi;

import com.atlassian.oai.validator.OpenApiInteractionValidator;
import com.atlassian.oai.validator.model.Request;
import com.atlassian.oai.validator.model.SimpleRequest;
import com.atlassian.oai.validator.model.SimpleResponse;
import com.atlassian.oai.validator.report.ValidationReport;
import io.idempotency.testsupport.HttpDialogue;
import io.idempotency.testsupport.HttpDialogue.Answer;
import io.swagger.parser.OpenAPIParser;
import io.swagger.v3.parser.core.models.SwaggerParseResult;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/** The document as a stranger reads it. */
final class PublishedDocument {

	private final String text;

	private final JsonNode root;

	private final OpenApiInteractionValidator validator;

	private PublishedDocument(String text) {
		this.text = text;
		this.root = new JsonMapper().readTree(text);
		this.validator = OpenApiInteractionValidator.createForInlineApiSpecification(text).build();
	}

	static PublishedDocument read(HttpDialogue client) {
		return read(client, "/v3/api-docs");
	}

	static PublishedDocument read(HttpDialogue client, String path) {
		Answer answer = client.send(client.request("GET", path, null));
		assertThat(answer.status()).isEqualTo(200);
		return new PublishedDocument(answer.text());
	}

	/** Fails unless the document is one, in every part. */
	void requireValid() {
		SwaggerParseResult parsed = new OpenAPIParser().readContents(this.text, null, null);
		assertThat(parsed.getMessages()).isEmpty();
		assertThat(parsed.getOpenAPI()).isNotNull();
	}

	JsonNode root() {
		return this.root;
	}

	JsonNode post(String path) {
		JsonNode operation = this.root.path("paths").path(path).path("post");
		assertThat(operation.isMissingNode()).as(path).isFalse();
		return operation;
	}

	/** A header parameter, or a missing node. */
	JsonNode header(String path, String name) {
		for (JsonNode parameter : post(path).path("parameters")) {
			if (parameter.path("in").asString().equals("header")
					&& parameter.path("name").asString().equalsIgnoreCase(name)) {
				return parameter;
			}
		}
		return this.root.path("nothing");
	}

	JsonNode answer(String path, String status) {
		return post(path).path("responses").path(status);
	}

	ValidationReport judge(String path, String header, String value, String json) {
		SimpleRequest.Builder request = SimpleRequest.Builder.post(path)
			.withContentType("application/json")
			.withBody(json);
		return this.validator.validateRequest(((value != null) ? request.withHeader(header, value) : request).build());
	}

	ValidationReport judge(String path, Answer answer) {
		SimpleResponse.Builder response = SimpleResponse.Builder.status(answer.status()).withBody(answer.text());
		answer.response().headers().map().forEach(response::withHeader);
		return this.validator.validateResponse(path, Request.Method.POST, response.build());
	}

}
