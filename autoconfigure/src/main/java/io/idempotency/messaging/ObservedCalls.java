package io.idempotency.messaging;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.BiConsumer;

import org.springframework.util.ClassUtils;

/** Stands before an object of a broker's client and tells what is called on it. */
public final class ObservedCalls {

	private ObservedCalls() {
	}

	/**
	 * An object that does what the target does.
	 * @param called is told the names and arguments of the calls that did not fail
	 */
	public static <T> T of(Class<T> type, T target, BiConsumer<String, Object[]> called) {
		Class<?>[] interfaces = ClassUtils.getAllInterfaces(target);
		return type.cast(Proxy.newProxyInstance(type.getClassLoader(), interfaces, (proxy, method, arguments) -> {
			try {
				Object result = method.invoke(target, arguments);
				called.accept(method.getName(), (arguments != null) ? arguments : new Object[0]);
				return result;
			}
			catch (InvocationTargetException ex) {
				throw ex.getTargetException();
			}
		}));
	}

}
