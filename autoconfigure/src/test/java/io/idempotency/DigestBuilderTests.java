package io.idempotency;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.ref.PhantomReference;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Rules 6 and 7: what is digested stays the same for ever, whoever else digests
 * meanwhile.
 */
class DigestBuilderTests {

	private static final String LONG_TEXT = "0123456789".repeat(40);

	@Test
	void isSha256OfEachValueWithItsLength() throws IOException, NoSuchAlgorithmException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		DataOutputStream data = new DataOutputStream(bytes);
		data.writeByte('m');
		data.writeLong(-5);
		data.writeLong(LONG_TEXT.length());
		data.write(LONG_TEXT.getBytes(StandardCharsets.US_ASCII));
		data.writeLong(2);
		data.write(new byte[] { 7, 8 });
		assertThat(sample().build())
			.isEqualTo(Fingerprint.of(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray())));
	}

	@Test
	void unitsBeyondAsciiTakeThreeBytesWhereverTheyStand() throws NoSuchAlgorithmException {
		for (int length = 0; length < 300; length++) {
			String text = "x".repeat(length) + "\u00e9\ud83d";
			ByteArrayOutputStream bytes = new ByteArrayOutputStream();
			bytes.writeBytes(new byte[] { 0, 0, 0, 0, 0, 0, (byte) (text.length() >> 8), (byte) text.length() });
			bytes.writeBytes("x".repeat(length).getBytes(StandardCharsets.US_ASCII));
			bytes.writeBytes(new byte[] { (byte) 0x80, (byte) 0x83, (byte) 0xA9 });
			bytes.writeBytes(new byte[] { (byte) 0x8D, (byte) 0xA0, (byte) 0xBD });
			assertThat(new DigestBuilder().text(text).build()).as("%d units before", length)
				.isEqualTo(Fingerprint.of(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray())));
		}
	}

	/** As the threads of a container do, when an application is taken away. */
	@Test
	void threadThatOutlivesAnApplicationDoesNotKeepItsClasses() throws Exception {
		ReferenceQueue<ClassLoader> collected = new ReferenceQueue<>();
		PhantomReference<ClassLoader> application = new PhantomReference<>(digestInAnApplicationOfItsOwn(), collected);
		Reference<?> found = null;
		for (int i = 0; i < 100 && found == null; i++) {
			System.gc();
			found = collected.remove(100);
		}
		assertThat(found).isSameAs(application);
	}

	private static ClassLoader digestInAnApplicationOfItsOwn() throws Exception {
		URL classes = DigestBuilder.class.getProtectionDomain().getCodeSource().getLocation();
		URLClassLoader loader = new URLClassLoader(new URL[] { classes }, ClassLoader.getPlatformClassLoader());
		Class<?> type = loader.loadClass(DigestBuilder.class.getName());
		assertThat(type).isNotSameAs(DigestBuilder.class);
		Object builder = type.getConstructor().newInstance();
		type.getMethod("number", long.class).invoke(builder, 5);
		assertThat(type.getMethod("build").invoke(builder))
			.hasToString(new DigestBuilder().number(5).build().toString());
		return loader;
	}

	@Test
	void oneInsideAnotherChangesNeither() {
		Fingerprint expected = sample().build();
		DigestBuilder outer = new DigestBuilder().mark('m').number(-5);
		Fingerprint inner = sample().build();
		assertThat(outer.text(LONG_TEXT).bytes(new byte[] { 7, 8 }, 2).build()).isEqualTo(expected);
		assertThat(inner).isEqualTo(expected);
	}

	@Test
	void oneThatIsLeftHalfDoneChangesNoLaterOne() {
		Fingerprint expected = sample().build();
		DigestBuilder left = new DigestBuilder().text(LONG_TEXT);
		assertThat(left).isNotNull();
		assertThat(sample().build()).isEqualTo(expected);
	}

	@Test
	void oneThatHasEndedTakesNoMore() {
		DigestBuilder ended = sample();
		Fingerprint expected = ended.build();
		assertThatIllegalStateException().isThrownBy(ended::build);
		assertThatIllegalStateException().isThrownBy(() -> ended.bytes(new byte[1], 1));
		// what it worked with is another one's by now
		assertThatIllegalStateException().isThrownBy(() -> ended.mark('x'));
		assertThatIllegalStateException().isThrownBy(() -> ended.number(1));
		assertThatIllegalStateException().isThrownBy(() -> ended.text("x"));
		assertThat(sample().build()).isEqualTo(expected);
	}

	private static DigestBuilder sample() {
		return new DigestBuilder().mark('m').number(-5).text(LONG_TEXT).bytes(new byte[] { 7, 8 }, 2);
	}

}
