package io.idempotency.testsupport;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PropertiesLoaderUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A block of code of a documentation page.
 *
 * @param page relative to the repository
 * @param line of its first fence, the first one is 1
 * @param language as the page says, empty if it does not
 * @param content without the fences and their indentation
 * @param after what stands after it
 */
public record FencedBlock(String page, int line, String language, String content, String after) {

	private static final Pattern BLOCK = Pattern.compile("^( *)```(\\w*)\\R(.*?)^\\1```$",
			Pattern.DOTALL | Pattern.MULTILINE);

	/**
	 * All of a page.
	 * @param page relative to the repository
	 */
	public static List<FencedBlock> of(String page) throws IOException {
		return in(page, Files.readString(Path.of("..", page)));
	}

	static List<FencedBlock> in(String page, String text) {
		List<FencedBlock> blocks = new ArrayList<>();
		Matcher block = BLOCK.matcher(text);
		while (block.find()) {
			int line = 1 + (int) text.substring(0, block.start()).chars().filter((each) -> each == '\n').count();
			String content = block.group(3).replaceAll("(?m)^" + block.group(1), "");
			blocks.add(new FencedBlock(page, line, block.group(2), content, text.substring(block.end())));
		}
		return blocks;
	}

	/** The properties that a block of YAML, or of properties, names with their values. */
	public Map<String, String> properties() throws IOException {
		Resource content = new ByteArrayResource(this.content.getBytes(StandardCharsets.UTF_8));
		Properties read;
		if (this.language.equals("properties")) {
			read = PropertiesLoaderUtils.loadProperties(content);
		}
		else {
			YamlPropertiesFactoryBean factory = new YamlPropertiesFactoryBean();
			factory.setResources(content);
			read = factory.getObject();
		}
		assertThat(read).as(toString()).isNotEmpty();
		Map<String, String> properties = new TreeMap<>();
		read.stringPropertyNames().forEach((name) -> properties.put(name, read.getProperty(name)));
		return properties;
	}

	/** Its first line. */
	public String firstLine() {
		return this.content.lines().findFirst().orElse("");
	}

	@Override
	public String toString() {
		return this.page + ":" + this.line;
	}

}
