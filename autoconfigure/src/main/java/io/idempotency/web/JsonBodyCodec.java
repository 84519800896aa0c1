package io.idempotency.web;

import java.math.BigDecimal;
import java.math.BigInteger;
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
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * Digests a JSON text by what it means: the order of members and white space do not
 * count, numbers are compared exactly and never expanded.
 */
final class JsonBodyCodec {

	/** A number with more characters makes the text be compared by its bytes. */
	private static final int MAX_NUMBER_LENGTH = 1000;

	private static final Object NULL = new Object();

	private final JsonFactory json = JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

	/**
	 * Adds the meaning of a text to a digest.
	 * @return {@code false} if the text has no one meaning: it is no JSON, names a member
	 * twice, or nests too deep; nothing was added
	 */
	boolean digest(byte[] text, int length, DigestBuilder digest) {
		Object value;
		try (JsonParser parser = this.json.createParser(ObjectReadContext.empty(), text, 0, length)) {
			JsonToken first = parser.nextToken();
			if (first == null) {
				return false;
			}
			value = read(parser, first);
			if (parser.nextToken() != null) {
				return false;
			}
		}
		catch (JacksonException | ArithmeticException | NumberFormatException ex) {
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
					members.put(name, read(parser, parser.nextToken()));
				}
				yield members;
			}
			case START_ARRAY -> {
				List<Object> elements = new ArrayList<>();
				for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
					elements.add(read(parser, next));
				}
				yield elements;
			}
			case VALUE_STRING -> parser.getString();
			case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> number(parser.getString());
			case VALUE_TRUE -> true;
			case VALUE_FALSE -> false;
			default -> NULL;
		};
	}

	private static BigDecimal number(String text) {
		if (text.length() > MAX_NUMBER_LENGTH) {
			throw new NumberFormatException("The number is too long to be compared");
		}
		return new BigDecimal(text);
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
			BigDecimal plain = (number.signum() == 0) ? BigDecimal.ZERO : number.stripTrailingZeros();
			BigInteger unscaled = plain.unscaledValue();
			byte[] digits = unscaled.toByteArray();
			digest.mark('n').bytes(digits, digits.length).number(plain.scale());
		}
		else if (value instanceof Boolean bool) {
			digest.mark(bool ? 't' : 'f');
		}
		else {
			digest.mark('0');
		}
	}

}
