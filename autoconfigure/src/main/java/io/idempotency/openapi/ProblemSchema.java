package io.idempotency.openapi;

import java.util.List;

import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.media.BooleanSchema;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.ObjectSchema;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import org.springdoc.core.utils.SpringDocUtils;

/** The body of every refusal: a problem of RFC 9457, shared by all operations. */
final class ProblemSchema {

	static final String NAME = "IdempotencyProblem";

	private ProblemSchema() {
	}

	/** Puts it among the components, unless the application has one of that name. */
	static void addTo(Components components) {
		if (components.getSchemas() == null || !components.getSchemas().containsKey(NAME)) {
			components.addSchemas(NAME, schema());
		}
	}

	static Schema<?> reference() {
		return new Schema<>().$ref(Components.COMPONENTS_SCHEMAS_REF + NAME);
	}

	private static Schema<?> schema() {
		ObjectSchema schema = new ObjectSchema();
		schema.setDescription("Why a request was not run, or its answer not repeated (RFC 9457).");
		add(schema, "type", new StringSchema().format("uri"), "Tells refusals apart.");
		add(schema, "title", new StringSchema(), "The refusal in a few words.");
		add(schema, "status", new IntegerSchema(), "The status of the answer.");
		add(schema, "detail", new StringSchema(), "The refusal in a sentence.");
		add(schema, "instance", new StringSchema().format("uri-reference"), "The path of the request.");
		add(schema, "retryable", new BooleanSchema(), "Whether the same request may be sent again, as it is.");
		schema.setRequired(List.copyOf(schema.getProperties().keySet()));
		SpringDocUtils.handleSchemaTypes(schema);
		return schema;
	}

	private static void add(ObjectSchema schema, String name, Schema<?> property, String description) {
		property.setDescription(description);
		schema.addProperty(name, property);
	}

}
