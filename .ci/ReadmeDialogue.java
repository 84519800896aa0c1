import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Plays the README's dialogue against a running sample application: each bash block is run
 * as it stands, and what it prints has to be what the README prints after it. Of headers
 * only those are compared that the README shows, as the date of an answer cannot stand there.
 */
public final class ReadmeDialogue {

	private static final Pattern EXCHANGE = Pattern.compile("```bash\\n(.*?)```\\s+```(?:http|json)\\n(.*?)```",
			Pattern.DOTALL);

	public static void main(String[] args) throws IOException, InterruptedException {
		Matcher exchange = EXCHANGE.matcher(Files.readString(Path.of(args[0])));
		int passed = 0;
		int failed = 0;
		while (exchange.find()) {
			List<String> expected = lines(exchange.group(2));
			List<String> printed = lines(run(exchange.group(1)));
			List<String> missing = new ArrayList<>(expected);
			missing.removeAll(printed);
			boolean bodyEqual = expected.get(expected.size() - 1).equals(printed.isEmpty() ? "" : printed.get(printed.size() - 1));
			boolean replayed = printed.contains("Idempotent-Replayed: true");
			if (missing.isEmpty() && bodyEqual && replayed == expected.contains("Idempotent-Replayed: true")) {
				passed++;
			}
			else {
				failed++;
				System.out.println("The README says\n" + exchange.group(2) + "but the application says\n"
						+ String.join("\n", printed) + "\nto\n" + exchange.group(1));
			}
		}
		System.out.println("README dialogue: " + passed + " passed, " + failed + " failed");
		System.exit((failed > 0 || passed < 6) ? 1 : 0);
	}

	private static String run(String command) throws IOException, InterruptedException {
		Process process = new ProcessBuilder("bash", "-c", command).redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		process.waitFor();
		return output;
	}

	private static List<String> lines(String text) {
		return text.lines().map(String::strip).filter((line) -> !line.isEmpty()).toList();
	}

}
