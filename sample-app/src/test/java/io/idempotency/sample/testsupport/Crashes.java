package io.idempotency.sample.testsupport;

import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;

/**
 * Lets a thread die before or after any step: a call of one of some beans, which is a
 * statement of the application, or one of its outbox. What is dead does nothing more,
 * whatever catches its death; its transaction is rolled back, as a database does with a
 * client that is gone.
 */
public final class Crashes implements BeanPostProcessor, MethodInterceptor {

	private final Set<Class<?>> steps;

	private final Random random = new Random();

	private final ThreadLocal<Boolean> dead = ThreadLocal.withInitial(() -> false);

	private final AtomicInteger deaths = new AtomicInteger();

	private volatile double probability;

	/**
	 * @param steps types of beans of which each call is a step
	 */
	public Crashes(Class<?>... steps) {
		this.steps = Set.of(steps);
	}

	/** From now on every step is the last one with this probability. */
	public void strike(double newProbability) {
		this.probability = newProbability;
	}

	/** What follows in this thread belongs to another process. */
	public boolean buryTheDead() {
		boolean wasDead = this.dead.get();
		this.dead.remove();
		return wasDead;
	}

	/** How many there were. */
	public int deaths() {
		return this.deaths.get();
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (this.steps.stream().noneMatch((step) -> step.isInstance(bean))) {
			return bean;
		}
		ProxyFactory proxy = new ProxyFactory(bean);
		proxy.setProxyTargetClass(true);
		proxy.addAdvice(this);
		return proxy.getProxy();
	}

	@Override
	public Object invoke(MethodInvocation invocation) throws Throwable {
		perhapsDie();
		Object result = invocation.proceed();
		perhapsDie();
		return result;
	}

	private void perhapsDie() {
		if (!this.dead.get() && this.random.nextDouble() < this.probability) {
			this.dead.set(true);
			this.deaths.incrementAndGet();
		}
		if (this.dead.get()) {
			throw new Death();
		}
	}

	/** Not an exception, which somebody might think they can handle. */
	public static final class Death extends Error {

		private static final long serialVersionUID = 1L;

		/** Of whoever throws it. */
		public Death() {
			super("The process has died", null, false, false);
		}

	}

}
