package io.idempotency.web;

import java.io.StringReader;
import java.nio.CharBuffer;
import java.util.function.Supplier;

import io.idempotency.DigestBuilder;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.BufferRecycler;
import tools.jackson.core.util.RecyclerPool;

/**
 * Digests a JSON text by what it means: the order of members and white space do not
 * count, numbers are compared exactly and never expanded.
 */
final class JsonBodyCodec {

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

	private static final StreamReadConstraints FEW_NAMES = LIMITS.rebuild().maxNameLength(FewNames.LONGEST).build();

	/**
	 * From here on a parser of bytes, which needs a table of names, is faster than one of
	 * characters.
	 */
	private static final int LARGE = 16 * 1024;

	/**
	 * Keeps no names: they are the callers' words, and a table of them would grow.
	 */
	private final JsonFactory json = JsonFactory.builder()
		.recyclerPool(new NoRecycling())
		.streamReadConstraints(LIMITS)
		.disable(JsonFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
		.build();

	/**
	 * Adds the meaning of a text to a digest.
	 * @return {@code false} if the text has no one meaning: it is no JSON, names a member
	 * twice, or nests too deep; nothing was added
	 */
	boolean digest(byte[] text, int length, DigestBuilder digest) {
		if (length >= LARGE && JsonText.isUtf8(text, length)
				&& add(() -> bytesParser(text, length), length, new FewNames(), digest)) {
			return true;
		}
		// this parser has no table that could grow: it says what has no meaning
		CharBuffer characters = JsonText.decode(text, length);
		return characters != null && add(() -> parser(characters), characters.length(), null, digest);
	}

	private static boolean add(Supplier<JsonParser> open, int length, @Nullable FewNames names, DigestBuilder digest) {
		JsonMeaning meaning = new JsonMeaning(length + length / 4);
		try (JsonParser parser = open.get()) {
			JsonToken first = parser.nextToken();
			if (first == null || !read(parser, first, names, meaning) || parser.nextToken() != null) {
				return false;
			}
		}
		catch (JacksonException | NumberFormatException ex) {
			return false;
		}
		meaning.addTo(digest);
		return true;
	}

	/**
	 * Has a table of names of its own, which ends with it. The table copies itself for
	 * long names and is searched one by one for those that are made to collide, so a text
	 * may have few names and short ones.
	 */
	private JsonParser bytesParser(byte[] text, int length) {
		JsonFactory named = this.json.rebuild()
			.streamReadConstraints(FEW_NAMES)
			.enable(JsonFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
			.build();
		return named.createParser(ObjectReadContext.empty(), text, 0, length);
	}

	private JsonParser parser(CharBuffer characters) {
		return characters.hasArray()
				? this.json.createParser(ObjectReadContext.empty(), characters.array(), characters.arrayOffset(),
						characters.length())
				: this.json.createParser(ObjectReadContext.empty(), new StringReader(characters.toString()));
	}

	private static boolean read(JsonParser parser, @Nullable JsonToken token, @Nullable FewNames names,
			JsonMeaning meaning) {
		if (token == null) {
			// the text ends early
			return false;
		}
		switch (token) {
			case START_OBJECT -> {
				return readObject(parser, names, meaning);
			}
			case START_ARRAY -> {
				meaning.mark('[');
				for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
					if (!read(parser, next, names, meaning)) {
						return false;
					}
				}
				meaning.mark(']');
			}
			case VALUE_STRING ->
				meaning.text(parser.getStringCharacters(), parser.getStringOffset(), parser.getStringLength());
			case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> JsonNumber.add(parser.getStringCharacters(),
					parser.getStringOffset(), parser.getStringLength(), meaning);
			case VALUE_TRUE -> meaning.mark('t');
			case VALUE_FALSE -> meaning.mark('f');
			default -> meaning.mark('0');
		}
		return true;
	}

	/**
	 * Keeps no buffers: the parser is given its characters and seldom needs one.
	 */
	private static final class NoRecycling extends RecyclerPool.NonRecyclingPoolBase<BufferRecycler> {

		private static final long serialVersionUID = 1L;

		private static final BufferRecycler NEW_BUFFERS = new NewBuffers();

		/** The same for all, as it has nothing to remember. */
		@Override
		public BufferRecycler acquirePooled() {
			return NEW_BUFFERS;
		}

	}

	private static final class NewBuffers extends BufferRecycler {

		NewBuffers() {
			super(0, 0);
		}

		@Override
		public byte[] allocByteBuffer(int index, int minSize) {
			return balloc(Math.max(minSize, byteBufferLength(index)));
		}

		@Override
		public void releaseByteBuffer(int index, byte[] buffer) {
			// for the garbage collector
		}

		@Override
		public char[] allocCharBuffer(int index, int minSize) {
			return calloc(Math.max(minSize, charBufferLength(index)));
		}

		@Override
		public void releaseCharBuffer(int index, char[] buffer) {
			// for the garbage collector
		}

	}

	private static boolean readObject(JsonParser parser, @Nullable FewNames names, JsonMeaning meaning) {
		int first = meaning.beginObject();
		for (String name = parser.nextName(); name != null; name = parser.nextName()) {
			if (names != null && !names.add(name)) {
				return false;
			}
			meaning.member(name);
			if (!read(parser, parser.nextToken(), names, meaning)) {
				return false;
			}
		}
		return meaning.endObject(first);
	}

}
