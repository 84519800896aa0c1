package io.idempotency.testsupport;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.TimeUnit;

/**
 * A certificate for the loopback interface and its key, as files that a server reads. The
 * JDK makes it, so a machine needs nothing else.
 */
public final class SelfSignedCertificate {

	private static final String PASSWORD = "changeit";

	private final Path certificate;

	private final Path key;

	/** Leaves all files in the given directory. */
	public SelfSignedCertificate(Path directory, String name) {
		this.certificate = directory.resolve(name + ".crt");
		this.key = directory.resolve(name + ".key");
		try {
			KeyStore store = make(directory.resolve(name + ".p12"));
			write(this.certificate, "CERTIFICATE", store.getCertificate("own").getEncoded());
			write(this.key, "PRIVATE KEY", store.getKey("own", PASSWORD.toCharArray()).getEncoded());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static KeyStore make(Path file) throws IOException, GeneralSecurityException, InterruptedException {
		Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-alias", "own", "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=localhost",
				"-ext", "san=ip:127.0.0.1", "-ext", "bc=ca:true", "-validity", "2", "-storetype", "PKCS12", "-keystore",
				file.toString(), "-storepass", PASSWORD)
			.redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.DISCARD)
			.start();
		if (!keytool.waitFor(30, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
			throw new IllegalStateException("keytool made no certificate");
		}
		KeyStore store = KeyStore.getInstance("PKCS12");
		try (InputStream in = Files.newInputStream(file)) {
			store.load(in, PASSWORD.toCharArray());
		}
		return store;
	}

	private static void write(Path file, String type, byte[] content) throws IOException {
		String lines = Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(content);
		Files.writeString(file, "-----BEGIN " + type + "-----\n" + lines + "\n-----END " + type + "-----\n");
	}

	public Path certificate() {
		return this.certificate;
	}

	public Path key() {
		return this.key;
	}

}
