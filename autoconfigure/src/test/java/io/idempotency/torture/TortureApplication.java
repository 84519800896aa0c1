package io.idempotency.torture;

import java.io.IOException;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** The application that is tortured, in a process of its own. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(excludeName = { "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
		"org.springframework.boot.security.autoconfigure.web.servlet.ServletWebSecurityAutoConfiguration",
		"org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterAutoConfiguration",
		"org.springframework.boot.security.autoconfigure.SecurityAutoConfiguration",
		"org.springframework.boot.security.autoconfigure.UserDetailsServiceAutoConfiguration",
		"org.springframework.boot.security.autoconfigure.actuate.web.servlet.ManagementWebSecurityAutoConfiguration" })
@Import(TortureHandlers.class)
class TortureApplication {

	@Bean
	LedgerClient ledger(@Value("${torture.ledger}") int port, @Value("${torture.node}") String node) {
		return new LedgerClient(port, node);
	}

	public static void main(String[] args) {
		Threads.start("parent", TortureApplication::endWithParent);
		SpringApplication.run(TortureApplication.class, args);
	}

	/** Whoever kills the harness should not have to look for its applications. */
	private static void endWithParent() {
		try {
			while (System.in.read() >= 0) {
				// nobody writes
			}
		}
		catch (IOException ex) {
			// gone as well
		}
		Runtime.getRuntime().halt(1);
	}

}
