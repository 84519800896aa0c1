package io.idempotency.testsupport;

import java.util.Locale;

/**
 * The servlet container that the tests' applications run on. Both are on the class path;
 * the system property {@code test.server} chooses. A test that has to tell them apart,
 * because what they do differs and not what we do, asks here.
 */
public enum ServerUnderTest {

	TOMCAT, JETTY;

	private static final ServerUnderTest current = valueOf(
			System.getProperty("test.server", "tomcat").toUpperCase(Locale.ROOT));

	public static ServerUnderTest current() {
		return current;
	}

	/** The package of what Spring Boot configures for it. */
	String bootPackage() {
		return "org.springframework.boot." + name().toLowerCase(Locale.ROOT) + ".";
	}

	/** One of two expectations. */
	public static <T> T on(T tomcat, T jetty) {
		return (current == TOMCAT) ? tomcat : jetty;
	}

}
