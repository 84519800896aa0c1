package io.idempotency.testsupport;

import java.io.File;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles code that stands on pages, against the class path of the tests. */
public final class PageCompiler {

	private PageCompiler() {
	}

	/**
	 * @param directory for the compiled classes, and with those that are needed
	 * @param lint what to warn of, as in {@code all,-classfile}
	 * @param sources content by name, a path without its ending
	 * @return what was found, with its place
	 */
	public static List<String> compile(Path directory, String lint, Map<String, String> sources) {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
		compiler
			.getTask(new StringWriter(), null, found,
					List.of("-d", directory.toString(), "-proc:none", "-Xlint:" + lint, "-parameters", "-classpath",
							directory + File.pathSeparator
									+ System.getProperty("surefire.test.class.path",
											System.getProperty("java.class.path"))),
					null,
					sources.entrySet().stream().map((entry) -> new Source(entry.getKey(), entry.getValue())).toList())
			.call();
		return found.getDiagnostics().stream().map((each) -> {
			String place = (each.getSource() != null) ? each.getSource().getName() + ":" + each.getLineNumber() + " "
					: "";
			return place + each.getMessage(Locale.ROOT);
		}).toList();
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
