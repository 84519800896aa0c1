package io.idempotency.testsupport;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Code of a documentation page that a reader may copy as it is: whole classes and
 * properties.
 */
public final class DocumentedCode {

	private static final Pattern BLOCK = Pattern.compile("^```(\\w+)\\R(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

	private static final Pattern CLASS = Pattern.compile("^(?:public )?(?:final )?class (\\w+)", Pattern.MULTILINE);

	private final Map<String, String> classes = new TreeMap<>();

	private final Map<String, Object> properties = new TreeMap<>();

	private DocumentedCode(String text) {
		Matcher block = BLOCK.matcher(text);
		while (block.find()) {
			String content = block.group(2);
			Matcher name = CLASS.matcher(content);
			if (block.group(1).equals("java") && name.find()) {
				assertThat(this.classes.put(name.group(1), content)).as("another " + name.group(1)).isNull();
			}
			else if (block.group(1).equals("yaml")) {
				this.properties.putAll(properties(content));
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

	private static Map<String, String> properties(String yaml) {
		YamlPropertiesFactoryBean factory = new YamlPropertiesFactoryBean();
		factory.setResources(new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)));
		Properties read = factory.getObject();
		assertThat(read).isNotNull();
		Map<String, String> properties = new TreeMap<>();
		read.stringPropertyNames().forEach((name) -> properties.put(name, read.getProperty(name)));
		return properties;
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
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
		StringWriter said = new StringWriter();
		compiler.getTask(said, null, found,
				List.of("-d", directory.toString(), "-proc:none", "-Xlint:all,-classfile", "-parameters", "-classpath",
						System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))),
				null, sources())
			.call();
		assertThat(found.getDiagnostics())
			.as(() -> said + " " + found.getDiagnostics().stream().map((each) -> each.getMessage(Locale.ROOT)).toList())
			.isEmpty();
		ClassLoader loader = new URLClassLoader(new URL[] { directory.toUri().toURL() }, getClass().getClassLoader());
		List<Class<?>> compiled = new ArrayList<>();
		for (String name : this.classes.keySet()) {
			compiled.add(loader.loadClass(name));
		}
		return compiled;
	}

	private List<Source> sources() {
		return this.classes.entrySet().stream().map((entry) -> new Source(entry.getKey(), entry.getValue())).toList();
	}

	/** A file that exists on a page only. */
	private static final class Source extends SimpleJavaFileObject {

		private final String content;

		Source(String name, String content) {
			super(URI.create("page:///" + name + Kind.SOURCE.extension), Kind.SOURCE);
			this.content = content;
		}

		@Override
		public CharSequence getCharContent(boolean ignoreEncodingErrors) {
			return this.content;
		}

	}

}
