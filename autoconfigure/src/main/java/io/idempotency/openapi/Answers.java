package io.idempotency.openapi;

import java.net.URI;
import java.util.List;
import java.util.stream.Collectors;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.BooleanSchema;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.MediaType;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.responses.ApiResponses;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.utils.SpringDocUtils;

/**
 * Documents the answers of an operation. What the application says of an answer stays and
 * is added to; one that it documents by reference is left alone. An operation may come
 * twice, where two handlers share a path, and is added to once.
 */
final class Answers {

	private static final String PROBLEM = "application/problem+json";

	private final String replayHeader;

	private final @Nullable URI documentation;

	Answers(PublishedSettings settings) {
		this.replayHeader = settings.replayHeader();
		this.documentation = settings.documentationUri();
	}

	/** The header of a replay, on what the application says of success. */
	void markReplays(Operation operation) {
		responses(operation).forEach((status, response) -> {
			if ((status.startsWith("2") || status.startsWith("3")) && response.get$ref() == null) {
				addHeader(response, this.replayHeader, new BooleanSchema(),
						"`true` if this is the answer to an earlier request with the same key; absent from a first"
								+ " answer.");
			}
		});
	}

	/** The refusals that share a status. */
	void add(Operation operation, String status, List<Refusal> refusals) {
		ApiResponse response = responses(operation).computeIfAbsent(status, (missing) -> new ApiResponse());
		if (response.get$ref() != null) {
			return;
		}
		String text = refusals.stream()
			.map((refusal) -> "- `" + type(refusal) + "`: " + refusal.reason())
			.collect(Collectors.joining("\n"));
		response.setDescription(Texts.join(response.getDescription(), text));
		Content content = (response.getContent() != null) ? response.getContent() : new Content();
		MediaType problem = content.computeIfAbsent(PROBLEM, (missing) -> new MediaType());
		problem.setSchema(either(problem.getSchema()));
		response.setContent(content);
		if (refusals.stream().anyMatch(Refusal::isRetryable)) {
			addHeader(response, "Retry-After", new IntegerSchema().format(null),
					"After how many seconds the request may be sent again, if it may.");
		}
	}

	private String type(Refusal refusal) {
		return ((this.documentation != null) ? this.documentation + "#" : "urn:idempotency:problem:") + refusal.word();
	}

	private static ApiResponses responses(Operation operation) {
		if (operation.getResponses() == null) {
			operation.setResponses(new ApiResponses());
		}
		return operation.getResponses();
	}

	/** The body is ours, or what the application's own answers of this status are. */
	private static Schema<?> either(@Nullable Schema<?> own) {
		Schema<?> ours = ProblemSchema.reference();
		if (own == null || own.equals(ours)) {
			return ours;
		}
		if (own.getAnyOf() != null) {
			return own.getAnyOf().contains(ours) ? own : own.addAnyOfItem(ours);
		}
		return new Schema<>().addAnyOfItem(own).addAnyOfItem(ours);
	}

	private static void addHeader(ApiResponse response, String name, Schema<?> schema, String description) {
		if (response.getHeaders() == null || !response.getHeaders().containsKey(name)) {
			SpringDocUtils.handleSchemaTypes(schema);
			response.addHeaderObject(name, new Header().schema(schema).description(description));
		}
	}

}
