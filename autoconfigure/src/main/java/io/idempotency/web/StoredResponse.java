package io.idempotency.web;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A response as its handler's side made it.
 *
 * @param ending how it was sent
 * @param status of the response
 * @param contentType or the empty String
 * @param headers in their order
 * @param text the message of an error, the location of a redirect, else empty
 * @param body its bytes; only for {@link Ending#BODY}
 */
@SuppressWarnings("ArrayRecordComponent") // made to be sent, never compared
record StoredResponse(Ending ending, int status, String contentType, List<Header> headers, String text, byte[] body) {

	/**
	 * How a response is sent. What the container renders, it renders again on a replay.
	 */
	enum Ending {

		/** Status, headers and bytes. */
		BODY((byte) 0),

		/** {@code sendError}: the container makes the page. */
		ERROR((byte) 1),

		/** {@code sendRedirect}: the container makes the location absolute, or not. */
		REDIRECT((byte) 2);

		private final byte code;

		Ending(byte code) {
			this.code = code;
		}

		/** What stands for it in stored bytes. */
		byte code() {
			return this.code;
		}

		static @Nullable Ending ofCode(byte code) {
			for (Ending ending : values()) {
				if (ending.code == code) {
					return ending;
				}
			}
			return null;
		}

	}

	/**
	 * One header line.
	 *
	 * @param name of the header
	 * @param value of the line
	 * @param replaces whether the handler's side removed what was there before it
	 */
	record Header(String name, String value, boolean replaces) {
	}

}
