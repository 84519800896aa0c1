package io.idempotency.web;

import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;

/**
 * What Tomcat and Jetty make of a body in different ways. It matters only where the bytes
 * were read for the fingerprint before the handler has asked for anything else: then the
 * container cannot do it any more.
 */
enum ContainerRules {

	/** Also those of a container that nobody knows. */
	TOMCAT {

		@Override
		boolean hasForm(String method) {
			return method.equals("POST");
		}

		@Override
		Charset formCharset(HttpServletRequest request) {
			return charset(request.getCharacterEncoding(), StandardCharsets.ISO_8859_1);
		}

		@Override
		boolean keepsEncoding(boolean taken, boolean read) {
			return read;
		}

	},

	JETTY {

		@Override
		boolean hasForm(String method) {
			return method.equals("POST") || method.equals("PUT");
		}

		/** What a form's sender says of it counts, and nothing else. */
		@Override
		Charset formCharset(HttpServletRequest request) {
			return charset(charsetOf(request.getContentType()), StandardCharsets.UTF_8);
		}

		@Override
		boolean keepsEncoding(boolean taken, boolean read) {
			return taken;
		}

	};

	static ContainerRules of(HttpServletRequest request) {
		return request.getServletContext().getServerInfo().startsWith("jetty/") ? JETTY : TOMCAT;
	}

	/** Whether a form that is sent in this way becomes parameters. */
	abstract boolean hasForm(String method);

	/** In which the parameters of a form are encoded. */
	abstract Charset formCharset(HttpServletRequest request);

	/**
	 * Whether it is too late to set another encoding.
	 * @param taken somebody has the body as a stream or a reader
	 * @param read as a reader
	 */
	abstract boolean keepsEncoding(boolean taken, boolean read);

	/** For a reader: Tomcat's refuses what it cannot decode, Jetty's replaces it. */
	CharsetDecoder decoder(Charset charset) {
		CodingErrorAction action = (this == JETTY) ? CodingErrorAction.REPLACE : CodingErrorAction.REPORT;
		return charset.newDecoder().onMalformedInput(action).onUnmappableCharacter(action);
	}

	private static Charset charset(@Nullable String name, Charset otherwise) {
		try {
			return (name != null) ? Charset.forName(name) : otherwise;
		}
		catch (IllegalArgumentException ex) {
			// as if it had said nothing
			return otherwise;
		}
	}

	private static @Nullable String charsetOf(@Nullable String contentType) {
		try {
			return (contentType != null) ? MediaType.parseMediaType(contentType).getParameter("charset") : null;
		}
		catch (InvalidMediaTypeException ex) {
			return null;
		}
	}

}
