package io.idempotency.benchmarks.http;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.server.context.WebServerPortFileWriter;

/**
 * The application that is measured. It writes its port into the file that the system
 * property {@code benchmark.port-file} names, and ends with the process that started it.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class BenchmarkApplication {

	public static void main(String[] args) {
		endWithParent();
		SpringApplication application = new SpringApplication(BenchmarkApplication.class);
		application.setDefaultProperties(
				Map.of("server.port", "0", "server.address", "127.0.0.1", "server.tomcat.max-keep-alive-requests", "-1",
						"spring.main.banner-mode", "off", "management.endpoints.web.exposure.include", "health"));
		application.addListeners(new WebServerPortFileWriter(new File(System.getProperty("benchmark.port-file"))));
		application.run(args);
	}

	/** The parent holds the other end of the standard input for as long as it lives. */
	private static void endWithParent() {
		Thread watch = new Thread(() -> {
			try {
				System.in.transferTo(OutputStream.nullOutputStream());
			}
			catch (IOException ex) {
				// an end as well
			}
			System.exit(0);
		}, "parent-watch");
		watch.setDaemon(true);
		watch.start();
	}

}
