package io.idempotency.web;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the parameters from the bytes of a form, as a container does: parts without a
 * name or a value have an empty one, empty parts are none, and what is wrongly encoded
 * makes the whole form malformed.
 */
final class FormParameters {

	/**
	 * Ten times what containers allow unless told otherwise: a form of a few bytes for
	 * each parameter would take a hundred times its size in memory.
	 */
	static final int MAX_PARAMETERS = 10_000;

	private final byte[] bytes;

	private final Charset charset;

	private final Map<String, List<String>> parameters = new LinkedHashMap<>();

	private int count;

	private FormParameters(byte[] bytes, Charset charset) {
		this.bytes = bytes;
		this.charset = charset;
	}

	/**
	 * Reads the parameters, and puts those of the query before them.
	 * @throws MalformedFormException if it is no form
	 */
	static Map<String, String[]> read(CapturedBody body, Charset charset, Map<String, String[]> query) {
		return read(body.bytes(), body.length(), charset, query);
	}

	static Map<String, String[]> read(byte[] bytes, int length, Charset charset, Map<String, String[]> query) {
		FormParameters form = new FormParameters(bytes, charset);
		query.forEach((name, values) -> form.parameters.put(name, new ArrayList<>(List.of(values))));
		int start = 0;
		for (int i = 0; i <= length; i++) {
			if (i == length || bytes[i] == '&') {
				form.add(start, i);
				start = i + 1;
			}
		}
		Map<String, String[]> result = new LinkedHashMap<>();
		form.parameters.forEach((name, values) -> result.put(name, values.toArray(String[]::new)));
		return result;
	}

	private void add(int start, int end) {
		if (start == end) {
			return;
		}
		if (++this.count > MAX_PARAMETERS) {
			throw new MalformedFormException("The form has more than " + MAX_PARAMETERS + " parameters");
		}
		int equals = start;
		while (equals < end && this.bytes[equals] != '=') {
			equals++;
		}
		String name = decode(start, equals);
		String value = (equals < end) ? decode(equals + 1, end) : "";
		this.parameters.computeIfAbsent(name, (missing) -> new ArrayList<>(1)).add(value);
	}

	private String decode(int start, int end) {
		byte[] decoded = new byte[end - start];
		int length = 0;
		for (int i = start; i < end; i++) {
			byte b = this.bytes[i];
			if (b == '%') {
				b = (byte) ((digit(i + 1, end) << 4) | digit(i + 2, end));
				i += 2;
			}
			else if (b == '+') {
				b = ' ';
			}
			decoded[length++] = b;
		}
		try {
			return this.charset.newDecoder()
				.onMalformedInput(CodingErrorAction.REPORT)
				.onUnmappableCharacter(CodingErrorAction.REPORT)
				.decode(ByteBuffer.wrap(decoded, 0, length))
				.toString();
		}
		catch (CharacterCodingException ex) {
			throw new MalformedFormException("The form has bytes that are no " + this.charset);
		}
	}

	private int digit(int index, int end) {
		int digit = (index < end) ? Character.digit(this.bytes[index], 16) : -1;
		if (digit < 0) {
			throw new MalformedFormException("The form has a percent sign that encodes nothing");
		}
		return digit;
	}

}
