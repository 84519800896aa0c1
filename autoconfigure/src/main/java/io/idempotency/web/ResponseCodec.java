package io.idempotency.web;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import io.idempotency.StoredResult;
import io.idempotency.web.StoredResponse.Ending;
import io.idempotency.web.StoredResponse.Header;

/**
 * Responses as bytes: version, ending, status, content type, headers, text, and the body
 * as the rest.
 */
final class ResponseCodec {

	private static final int VERSION = 1;

	private ResponseCodec() {
	}

	/**
	 * Writes a response, or only that there was one if a header is too long to be kept.
	 */
	static StoredResult write(StoredResponse response) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream(128 + response.body().length);
		try (DataOutputStream out = new DataOutputStream(bytes)) {
			out.writeByte(VERSION);
			out.writeByte(response.ending().code());
			out.writeShort(response.status());
			out.writeUTF(response.contentType());
			out.writeShort(response.headers().size());
			for (Header header : response.headers()) {
				out.writeBoolean(header.replaces());
				out.writeUTF(header.name());
				out.writeUTF(header.value());
			}
			out.writeUTF(response.text());
			out.write(response.body());
		}
		catch (IOException ex) {
			return StoredResult.notKept();
		}
		return StoredResult.of(bytes.toByteArray());
	}

	/**
	 * Reads a response.
	 * @throws IOException if the bytes are not what this version writes
	 */
	static StoredResponse read(StoredResult result) throws IOException {
		try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(result.payload()))) {
			if (in.readByte() != VERSION) {
				throw new IOException("The stored response has a format that this version does not know");
			}
			Ending ending = Ending.ofCode(in.readByte());
			if (ending == null) {
				throw new IOException("The stored response has an ending that this version does not know");
			}
			int status = in.readUnsignedShort();
			String contentType = in.readUTF();
			int count = in.readUnsignedShort();
			List<Header> headers = new ArrayList<>(count);
			for (int i = 0; i < count; i++) {
				boolean replaces = in.readBoolean();
				headers.add(new Header(in.readUTF(), in.readUTF(), replaces));
			}
			return new StoredResponse(ending, status, contentType, headers, in.readUTF(), in.readAllBytes());
		}
	}

}
