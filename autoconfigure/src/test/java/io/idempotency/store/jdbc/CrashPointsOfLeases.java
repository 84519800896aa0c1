package io.idempotency.store.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

import io.idempotency.store.IdempotencyStore;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.util.ClassUtils;

/** Points around the steps of a store of leases. */
final class CrashPointsOfLeases implements BeanPostProcessor {

	@Override
	public Object postProcessAfterInitialization(Object bean, String name) {
		if (!(bean instanceof IdempotencyStore)) {
			return bean;
		}
		return Proxy.newProxyInstance(getClass().getClassLoader(), ClassUtils.getAllInterfacesForClass(bean.getClass()),
				(proxy, method, arguments) -> call(bean, method, arguments));
	}

	private static @Nullable Object call(Object store, Method method, Object @Nullable [] arguments) throws Throwable {
		switch (method.getName()) {
			case "claim" -> CrashTrigger.reach(CrashPoint.BEFORE_CLAIM);
			case "complete" -> CrashTrigger.reach(CrashPoint.BEFORE_COMPLETION);
		}
		Object answer;
		try {
			answer = method.invoke(store, arguments);
		}
		catch (InvocationTargetException ex) {
			throw ex.getCause();
		}
		switch (method.getName()) {
			case "claim" -> CrashTrigger.reach(CrashPoint.CLAIMED);
			case "complete" -> CrashTrigger.reach(CrashPoint.COMPLETED);
		}
		return answer;
	}

}
