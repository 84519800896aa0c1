package io.idempotency.openapi;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import io.idempotency.aop.CallExpression;
import io.idempotency.aop.MethodOperation;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.parameters.Parameter;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.utils.SpringDocUtils;

/** Documents the headers in which an operation finds its key. */
final class KeyParameters {

	private final @Nullable String header;

	private final KeyForm form;

	KeyParameters(PublishedSettings settings) {
		this.header = settings.header();
		this.form = new KeyForm(settings);
	}

	/** The one header with the key, or {@code null} if the key is found elsewhere. */
	@Nullable String header(MethodOperation handler) {
		CallExpression key = handler.key();
		if (key == null) {
			return this.header;
		}
		return HeaderReads.isOnly(key.text()) ? HeaderReads.in(key.text()).iterator().next() : null;
	}

	void add(MethodOperation handler, Operation operation) {
		boolean required = handler.operation().required();
		CallExpression key = handler.key();
		if (key != null) {
			boolean missing = required && HeaderReads.isOnly(key.text());
			HeaderReads.in(key.text()).forEach((name) -> add(ofExpression(name, missing), operation));
		}
		else if (this.header != null) {
			add(ofCaller(this.header, required), operation);
		}
	}

	private Parameter ofCaller(String name, boolean required) {
		Schema<String> schema = new StringSchema();
		schema.minLength(this.form.minLength()).maxLength(this.form.maxLength()).pattern(this.form.regex());
		return parameter(name, required, schema).example(this.form.example())
			.description("The key that makes this request safe to repeat: a new one for each new request, such as a"
					+ " UUID, and the same one each time that the request is sent again. " + this.form.words());
	}

	private static Parameter ofExpression(String name, boolean required) {
		Schema<String> schema = new StringSchema();
		return parameter(name, required, schema.minLength(1))
			.description("Makes this request safe to repeat, alone or with other values: the same each time that the"
					+ " request is sent again.");
	}

	private static Parameter parameter(String name, boolean required, Schema<?> schema) {
		SpringDocUtils.handleSchemaTypes(schema);
		return new HeaderParameter().name(name).required(required).schema(schema);
	}

	/** To a parameter that the application documents itself only what is missing. */
	private static void add(Parameter parameter, Operation operation) {
		List<Parameter> parameters = (operation.getParameters() != null) ? operation.getParameters()
				: new ArrayList<>();
		Parameter own = parameters.stream()
			.filter((other) -> "header".equals(other.getIn()) && parameter.getName().equalsIgnoreCase(other.getName()))
			.findFirst()
			.orElse(null);
		if (own == null) {
			parameters.add(parameter);
			operation.setParameters(parameters);
			return;
		}
		own.setRequired(Boolean.TRUE.equals(own.getRequired()) || Boolean.TRUE.equals(parameter.getRequired()));
		own.setDescription(Objects.requireNonNullElse(own.getDescription(), parameter.getDescription()));
		if (own.getSchema() == null && own.getContent() == null) {
			own.setSchema(parameter.getSchema());
		}
		else if (own.getSchema() != null && own.getSchema().getPattern() == null) {
			own.getSchema()
				.minLength(parameter.getSchema().getMinLength())
				.maxLength(parameter.getSchema().getMaxLength())
				.pattern(parameter.getSchema().getPattern());
		}
	}

}
