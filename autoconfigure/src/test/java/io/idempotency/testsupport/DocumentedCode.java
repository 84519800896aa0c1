package io.idempotency.testsupport;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Code of a documentation page that a reader may copy as it is: whole classes and
 * properties.
 */
public final class DocumentedCode {

	private static final Pattern CLASS = Pattern.compile("^(?:public )?(?:final )?class (\\w+)", Pattern.MULTILINE);

	private final Map<String, String> classes = new TreeMap<>();

	private final Map<String, Object> properties = new TreeMap<>();

	private DocumentedCode(String text) throws IOException {
		for (FencedBlock block : FencedBlock.in("", text)) {
			Matcher name = CLASS.matcher(block.content());
			if (block.language().equals("java") && name.find()) {
				assertThat(this.classes.put(name.group(1), block.content())).as("another " + name.group(1)).isNull();
			}
			else if (block.language().equals("yaml")) {
				this.properties.putAll(block.properties());
			}
		}
	}

	/**
	 * What stands between two lines of a page.
	 * @param page relative to the repository
	 * @param begin the first of these lines, a heading
	 * @param end the second
	 */
	public static DocumentedCode between(String page, String begin, String end) throws IOException {
		String text = Files.readString(Path.of("..", page));
		int from = text.indexOf(begin + "\n");
		int to = text.indexOf("\n" + end + "\n", from);
		assertThat(from).as(begin).isNotNegative();
		assertThat(to).as(end).isGreaterThan(from);
		return new DocumentedCode(text.substring(from, to + 1));
	}

	/** The properties that it names. */
	public Map<String, Object> properties() {
		return this.properties;
	}

	/**
	 * Compiles its classes, each as a file of its own, which has to give no warning.
	 * @param directory for the compiled classes
	 */
	public List<Class<?>> compile(Path directory) throws IOException, ReflectiveOperationException {
		assertThat(PageCompiler.compile(directory, "all,-classfile", this.classes)).isEmpty();
		ClassLoader loader = new URLClassLoader(new URL[] { directory.toUri().toURL() }, getClass().getClassLoader());
		List<Class<?>> compiled = new ArrayList<>();
		for (String name : this.classes.keySet()) {
			compiled.add(loader.loadClass(name));
		}
		return compiled;
	}

}
