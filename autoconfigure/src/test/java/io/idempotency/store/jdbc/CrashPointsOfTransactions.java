package io.idempotency.store.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Points around the statements that a claim adds to a transaction, and its commit. */
final class CrashPointsOfTransactions implements BeanPostProcessor {

	private static final String TABLE = " idempotency_record ";

	@Override
	public Object postProcessAfterInitialization(Object bean, String name) {
		return (bean instanceof DataSource dataSource) ? new CrashingDataSource(dataSource) : bean;
	}

	private static @Nullable Object onConnection(Connection connection, Method method, Object @Nullable [] arguments)
			throws Throwable {
		Object answer = invoke(connection, method, arguments);
		if (method.getName().equals("commit")) {
			CrashTrigger.reach(CrashPoint.COMPLETED);
		}
		if (answer instanceof PreparedStatement statement && arguments != null) {
			String sql = (String) arguments[0];
			return proxy(PreparedStatement.class,
					(step, values) -> onStatement(sql.contains(TABLE) ? sql : "", statement, step, values));
		}
		return answer;
	}

	/**
	 * @param sql empty if it is none of the store's
	 */
	private static @Nullable Object onStatement(String sql, PreparedStatement statement, Method method,
			Object @Nullable [] arguments) throws Throwable {
		boolean executes = method.getName().startsWith("execute");
		boolean claims = executes && sql.startsWith("INSERT");
		if (claims) {
			CrashTrigger.reach(CrashPoint.BEFORE_CLAIM);
		}
		Object answer = invoke(statement, method, arguments);
		if (claims) {
			CrashTrigger.reach(CrashPoint.CLAIMED);
		}
		else if (executes && sql.startsWith("UPDATE")) {
			CrashTrigger.reach(CrashPoint.BEFORE_COMPLETION);
		}
		return answer;
	}

	private static @Nullable Object invoke(Object target, Method method, Object @Nullable [] arguments)
			throws Throwable {
		try {
			return method.invoke(target, arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getCause();
		}
	}

	private static <T> T proxy(Class<T> type, Call call) {
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
				(proxy, method, arguments) -> call.make(method, arguments)));
	}

	/** A call of a proxy. */
	private interface Call {

		@Nullable Object make(Method method, Object @Nullable [] arguments) throws Throwable;

	}

	/** Gives connections that know the points. */
	private static final class CrashingDataSource extends DelegatingDataSource {

		CrashingDataSource(DataSource dataSource) {
			super(dataSource);
		}

		@Override
		public Connection getConnection() throws SQLException {
			Connection connection = super.getConnection();
			return proxy(Connection.class, (method, arguments) -> onConnection(connection, method, arguments));
		}

	}

}
