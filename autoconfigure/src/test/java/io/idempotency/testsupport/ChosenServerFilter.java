package io.idempotency.testsupport;

import org.springframework.boot.autoconfigure.AutoConfigurationImportFilter;
import org.springframework.boot.autoconfigure.AutoConfigurationMetadata;

/** Hides the other server's auto-configurations from Spring Boot. */
final class ChosenServerFilter implements AutoConfigurationImportFilter {

	@Override
	public boolean[] match(String[] classes, AutoConfigurationMetadata metadata) {
		boolean[] matches = new boolean[classes.length];
		for (int i = 0; i < classes.length; i++) {
			matches[i] = classes[i] == null || !isOfAnotherServer(classes[i]);
		}
		return matches;
	}

	private static boolean isOfAnotherServer(String autoConfiguration) {
		for (ServerUnderTest server : ServerUnderTest.values()) {
			if (server != ServerUnderTest.current() && autoConfiguration.startsWith(server.bootPackage())) {
				return true;
			}
		}
		return false;
	}

}
