package io.idempotency.store.jdbc;

import java.io.IOException;

import io.idempotency.autoconfigure.IdempotencyAutoConfiguration;
import io.idempotency.autoconfigure.IdempotencyWebMvcAutoConfiguration;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.http.converter.autoconfigure.HttpMessageConvertersAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.tomcat.autoconfigure.servlet.TomcatServletWebServerAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.DispatcherServletAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * The application that is killed, in a process of its own. It starts quickly, as it has
 * no more than it needs.
 */
@Configuration(proxyBeanMethods = false)
@ImportAutoConfiguration({ PropertyPlaceholderAutoConfiguration.class, AopAutoConfiguration.class,
		TomcatServletWebServerAutoConfiguration.class, DispatcherServletAutoConfiguration.class,
		WebMvcAutoConfiguration.class, HttpMessageConvertersAutoConfiguration.class, JacksonAutoConfiguration.class,
		DataSourceAutoConfiguration.class, DataSourceTransactionManagerAutoConfiguration.class,
		JdbcTemplateAutoConfiguration.class, TransactionAutoConfiguration.class, IdempotencyAutoConfiguration.class,
		IdempotencyWebMvcAutoConfiguration.class })
@Import({ CrashPayments.class, CrashPointsOfWeb.class })
class CrashApplication {

	/**
	 * Starts it.
	 * @param arguments the name of a {@link CrashMode}, and properties
	 */
	public static void main(String[] arguments) {
		Thread parent = new Thread(CrashApplication::endWithParent, "parent");
		parent.setDaemon(true);
		parent.start();
		Class<?> mode = CrashMode.valueOf(arguments[0]).configuration();
		new SpringApplication(CrashApplication.class, mode).run(arguments);
	}

	/** Whoever kills the test should not have to look for its application. */
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
