package io.idempotency.web;

import java.math.BigDecimal;
import java.nio.CharBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.idempotency.DigestBuilder;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Digests a JSON text by what it means: the order of members and white space do not
 * count, numbers are compared exactly and never expanded.
 */
final class JsonBodyCodec {

	private static final Object NULL = new Object();

	/**
	 * Beyond these a text is compared by its bytes. They are part of the fingerprint, so
	 * they are not left to defaults, which another version or the application may change.
	 */
	private static final StreamReadConstraints LIMITS = StreamReadConstraints.builder()
		.maxNestingDepth(500)
		.maxNameLength(50_000)
		.maxNumberLength(JsonNumber.MAX_LENGTH)
		.maxStringLength(Integer.MAX_VALUE)
		.maxDocumentLength(-1)
		.maxTokenCount(-1)
		.build();

	/** Keeps no names: they are the callers' words, and a table of them would grow. */
	private final JsonFactory json = JsonFactory.builder()
		.streamReadConstraints(LIMITS)
		.disable(JsonFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
		.build();

	/**
	 * Adds the meaning of a text to a digest.
	 * @return {@code false} if the text has no one meaning: it is no JSON, names a member
	 * twice, or nests too deep; nothing was added
	 */
	boolean digest(byte[] text, int length, DigestBuilder digest) {
		CharBuffer characters = JsonText.decode(text, length);
		if (characters == null) {
			return false;
		}
		Object value;
		try (JsonParser parser = this.json.createParser(ObjectReadContext.empty(), characters.array(),
				characters.arrayOffset(), characters.length())) {
			JsonToken first = parser.nextToken();
			if (first == null) {
				return false;
			}
			value = read(parser, first);
			if (parser.nextToken() != null) {
				return false;
			}
		}
		catch (JacksonException | NumberFormatException ex) {
			return false;
		}
		add(value, digest);
		return true;
	}

	private static Object read(JsonParser parser, @Nullable JsonToken token) {
		if (token == null) {
			throw new NumberFormatException("The text ends early");
		}
		return switch (token) {
			case START_OBJECT -> {
				Map<String, Object> members = new TreeMap<>();
				while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
					String name = parser.currentName();
					if (members.put(name, read(parser, parser.nextToken())) != null) {
						throw new NumberFormatException("A name is given twice");
					}
				}
				yield members;
			}
			case START_ARRAY -> {
				List<Object> elements = new ArrayList<>(4);
				for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
					elements.add(read(parser, next));
				}
				yield elements;
			}
			case VALUE_STRING -> parser.getString();
			case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
				JsonNumber.read(parser.getStringCharacters(), parser.getStringOffset(), parser.getStringLength());
			case VALUE_TRUE -> true;
			case VALUE_FALSE -> false;
			default -> NULL;
		};
	}

	private static void add(Object value, DigestBuilder digest) {
		if (value instanceof Map<?, ?> members) {
			digest.mark('{').number(members.size());
			members.forEach((name, member) -> {
				digest.text((String) name);
				add(member, digest);
			});
		}
		else if (value instanceof List<?> elements) {
			digest.mark('[').number(elements.size());
			elements.forEach((element) -> add(element, digest));
		}
		else if (value instanceof String text) {
			digest.mark('s').text(text);
		}
		else if (value instanceof BigDecimal number) {
			// unscaled value and scale: 1e1000000000 takes five bytes, not a gigabyte
			byte[] digits = number.unscaledValue().toByteArray();
			digest.mark('n').bytes(digits, digits.length).number(number.scale());
		}
		else if (value instanceof Boolean bool) {
			digest.mark(bool ? 't' : 'f');
		}
		else {
			digest.mark('0');
		}
	}

}
