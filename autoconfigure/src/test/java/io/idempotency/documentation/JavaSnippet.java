package io.idempotency.documentation;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

import com.sun.source.util.JavacTask;
import io.idempotency.testsupport.FencedBlock;

/**
 * Java of a page as a file that can be compiled.
 * <p>
 * A block that begins with {@code package} or {@code import} is a whole file and taken as
 * it stands. Any other is a piece of a class that extends {@link TakenForGranted}:
 * statements, members, or an expression, whichever it can be read as, in this order. Its
 * imports are those of {@code imports.txt}. A body <code>{ … }</code> is one that the
 * reader has to write.
 *
 * @param block what stands on the page
 * @param name of the file, without its ending
 * @param source its content
 */
record JavaSnippet(FencedBlock block, String name, String source) {

	private static final Pattern TYPE = Pattern.compile("^[\\w ]*\\b(?:class|interface|record|enum) (\\w+)",
			Pattern.MULTILINE);

	static JavaSnippet of(FencedBlock block, String imports) {
		String name = block.page().replaceAll("\\W", "_") + "_" + block.line();
		return isFile(block) ? file(block, name) : piece(block, name, imports);
	}

	static boolean isFile(FencedBlock block) {
		return block.content().startsWith("package ") || block.content().startsWith("import ");
	}

	private static JavaSnippet file(FencedBlock block, String name) {
		Matcher type = TYPE.matcher(block.content());
		String packaging = block.content().startsWith("package ") ? "" : "package " + name + "; ";
		return new JavaSnippet(block, name + "/" + (type.find() ? type.group(1) : "Unnamed"),
				packaging + block.content());
	}

	private static JavaSnippet piece(FencedBlock block, String name, String imports) {
		String head = "package " + name + "; " + imports + " abstract class Piece extends TakenForGranted { ";
		String body = block.content().replace("{ … }", "{ throw new UnsupportedOperationException(); }");
		String source = Stream
			.of(head + "void statements() throws Exception { " + body + "} }", head + body + "}",
					head + "Object expression() throws Exception { return " + body + "; } }")
			.filter(JavaSnippet::parses)
			.findFirst()
			.orElse(head + body + "}");
		return new JavaSnippet(block, name + "/Piece", source);
	}

	private static boolean parses(String source) {
		DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
		JavaFileObject file = new SimpleJavaFileObject(URI.create("page:///L.java"), JavaFileObject.Kind.SOURCE) {

			@Override
			public CharSequence getCharContent(boolean ignoreEncodingErrors) {
				return source;
			}

		};
		try {
			((JavacTask) ToolProvider.getSystemJavaCompiler()
				.getTask(new StringWriter(), null, found, List.of("-proc:none"), null, List.of(file))).parse();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		return found.getDiagnostics().isEmpty();
	}

}
