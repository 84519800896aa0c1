import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Does what docs/getting-started.md says, as somebody who has only that page: clones this
 * repository, makes its steps in an empty Spring Boot project, and plays its calls. What it
 * installs goes into a local Maven repository of its own, which has links to all else that
 * is in the one of this machine.
 */
public final class NewUser {

	private static final Pattern BLOCK = Pattern.compile("^```(\\w+)\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

	private static final Pattern EXCHANGE = Pattern.compile("```bash\\n([^`]*?)```\\s+```http\\n([^`]*?)```");

	private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

	private static final String POM = """
			<project xmlns="http://maven.apache.org/POM/4.0.0">
				<modelVersion>4.0.0</modelVersion>
				<parent>
					<groupId>org.springframework.boot</groupId>
					<artifactId>spring-boot-starter-parent</artifactId>
					<version>%s</version>
					<relativePath/>
				</parent>
				<groupId>com.example</groupId>
				<artifactId>demo</artifactId>
				<version>0.0.1-SNAPSHOT</version>
				<properties>
					<java.version>17</java.version>
				</properties>
				<dependencies>
					<dependency>
						<groupId>org.springframework.boot</groupId>
						<artifactId>spring-boot-starter-webmvc</artifactId>
					</dependency>
				</dependencies>
				<build>
					<plugins>
						<plugin>
							<groupId>org.springframework.boot</groupId>
							<artifactId>spring-boot-maven-plugin</artifactId>
						</plugin>
					</plugins>
				</build>
			</project>
			""";

	private static final String APPLICATION = """
			package com.example.demo;

			import org.springframework.boot.SpringApplication;
			import org.springframework.boot.autoconfigure.SpringBootApplication;

			@SpringBootApplication
			public class DemoApplication {

				public static void main(String[] args) {
					SpringApplication.run(DemoApplication.class, args);
				}

			}
			""";

	private final Path work = Files.createTempDirectory("new-user");

	private final Path clone = this.work.resolve("clone");

	private final Path demo = Files.createDirectories(this.work.resolve("demo"));

	private final Path code = Files.createDirectories(this.demo.resolve("src/main/java/com/example/demo"));

	private final int port = freePort();

	private final int redisPort = freePort();

	private final String page;

	private int lines;

	private NewUser(String page) throws IOException {
		this.page = page;
	}

	public static void main(String[] args) throws IOException, InterruptedException {
		NewUser user = new NewUser(Files.readString(Path.of("docs/getting-started.md")));
		List<Process> started = new ArrayList<>();
		try {
			user.makeEmptyProject();
			int steps = user.takeSteps();
			started.add(user.start(user.work, "redis-server", "--port", "" + user.redisPort, "--save", ""));
			started.add(user.start(user.demo, "mvn", "-B", "-ntp", "-q", "spring-boot:run"));
			user.awaitApplication(started.get(1));
			int calls = user.playCalls();
			System.out.println("A new user: " + steps + " steps, " + user.lines + " lines, " + calls + " calls as the page says");
			require(steps <= 3 && user.lines <= 12 && calls >= 3, "three steps and twelve lines are promised");
		}
		finally {
			for (Process process : started) {
				process.descendants().forEach(ProcessHandle::destroy);
				process.destroy();
				process.waitFor(30, TimeUnit.SECONDS);
			}
			delete(user.work);
		}
	}

	private void makeEmptyProject() throws IOException, InterruptedException {
		run(Path.of(""), "git", "clone", "-q", ".", this.clone.toString());
		String parent = Files.readString(this.clone.resolve("pom.xml"));
		Matcher version = Pattern.compile("<spring-boot.version>(.*?)<").matcher(parent);
		require(version.find(), "no version of Spring Boot");
		Files.writeString(this.demo.resolve("pom.xml"), POM.formatted(version.group(1)));
		Files.writeString(this.code.resolve("DemoApplication.java"), APPLICATION);
		Path usual = Path.of(System.getProperty("user.home"), ".m2", "repository");
		Path own = Files.createDirectories(this.work.resolve("repository"));
		link(usual, own, "io");
		link(usual.resolve("io"), Files.createDirectories(own.resolve("io")), "idempotency");
	}

	private static void link(Path from, Path to, String except) throws IOException {
		if (Files.isDirectory(from)) {
			try (Stream<Path> entries = Files.list(from)) {
				for (Path entry : entries.filter((each) -> !each.endsWith(except)).toList()) {
					Files.createSymbolicLink(to.resolve(entry.getFileName()), entry);
				}
			}
		}
	}

	/** The blocks below numbered headings: what is to be run, and what is to be written. */
	private int takeSteps() throws IOException, InterruptedException {
		int steps = 0;
		for (String section : this.page.split("(?m)^## ")) {
			if (!section.matches("(?s)\\d\\. .*")) {
				continue;
			}
			steps++;
			Matcher block = BLOCK.matcher(section);
			while (block.find()) {
				take(block.group(1), block.group(2));
			}
		}
		return steps;
	}

	private void take(String language, String content) throws IOException, InterruptedException {
		if (language.equals("bash")) {
			run(this.clone, "bash", "-c", content);
			return;
		}
		this.lines += (int) content.lines().filter((line) -> !line.isBlank()).count();
		if (language.equals("xml")) {
			Path pom = this.demo.resolve("pom.xml");
			Files.writeString(pom, Files.readString(pom).replace("<dependencies>", "<dependencies>\n" + content));
		}
		else {
			Matcher type = Pattern.compile("class (\\w+)").matcher(content);
			require(language.equals("java") && type.find(), "neither a dependency nor a class: " + content);
			Files.writeString(this.code.resolve(type.group(1) + ".java"), content);
		}
	}

	private void awaitApplication(Process application) throws IOException, InterruptedException {
		for (int attempt = 0; attempt < 180; attempt++) {
			require(application.isAlive(), "the application ended\n" + Files.readString(this.work.resolve("log")));
			try (Socket socket = new Socket("localhost", this.port)) {
				return;
			}
			catch (IOException ex) {
				Thread.sleep(1000);
			}
		}
		require(false, "the application does not start");
	}

	/** Each call has to print what the page says, but for the receipt; equal ones stay equal. */
	private int playCalls() throws IOException, InterruptedException {
		Matcher exchange = EXCHANGE.matcher(this.page);
		int calls = 0;
		String said = "";
		String printed = "";
		while (exchange.find()) {
			String command = exchange.group(1).replace("localhost:8080", "localhost:" + this.port);
			String answer = run(this.work, "bash", "-c", command).replace("\r", "");
			List<String> lines = masked(answer);
			for (String line : masked(exchange.group(2))) {
				require(lines.contains(line), "The page says\n" + line + "\nbut the application says\n" + answer);
			}
			require(answer.contains("Idempotent-Replayed") == exchange.group(2).contains("Idempotent-Replayed"), answer);
			said += receipts(exchange.group(2));
			printed += receipts(answer);
			calls++;
		}
		require(sameShape(said).equals(sameShape(printed)), "The page says\n" + said + "\nbut the application says\n" + printed);
		return calls;
	}

	private static List<String> masked(String text) {
		return text.replaceAll(UUID, "...").lines().map(String::strip).filter((line) -> !line.isEmpty()).toList();
	}

	private static String receipts(String text) {
		StringBuilder receipts = new StringBuilder();
		Pattern.compile(UUID).matcher(text).results().forEach((found) -> receipts.append(found.group()).append(' '));
		return receipts.toString();
	}

	/** Which of them are equal: a number for each, in the order in which they appear. */
	private static List<Integer> sameShape(String receipts) {
		List<String> all = List.of(receipts.split(" "));
		return all.stream().map(all::indexOf).toList();
	}

	private Process start(Path directory, String... command) throws IOException {
		return process(directory, command).redirectErrorStream(true)
			.redirectOutput(ProcessBuilder.Redirect.appendTo(this.work.resolve("log").toFile()))
			.start();
	}

	private String run(Path directory, String... command) throws IOException, InterruptedException {
		Process process = process(directory, command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		require(process.waitFor() == 0, String.join(" ", command) + "\n" + output);
		return output;
	}

	private ProcessBuilder process(Path directory, String... command) {
		ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toAbsolutePath().toFile());
		builder.environment().put("MAVEN_OPTS", "-Dmaven.repo.local=" + this.work.resolve("repository"));
		builder.environment().put("SERVER_PORT", "" + this.port);
		builder.environment().put("SPRING_DATA_REDIS_PORT", "" + this.redisPort);
		return builder;
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

	private static void delete(Path directory) throws IOException {
		try (Stream<Path> files = Files.walk(directory)) {
			for (Path file : files.sorted((one, other) -> other.compareTo(one)).toList()) {
				Files.delete(file);
			}
		}
	}

	private static void require(boolean condition, String otherwise) {
		if (!condition) {
			throw new IllegalStateException(otherwise);
		}
	}

}
