package io.idempotency.sample.order;

import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;

import org.springframework.aop.framework.ProxyFactory;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.modulith.events.core.EventPublicationRegistry;

/**
 * Lets a thread die before or after any step of the pipeline: a statement of the
 * application, or one of the outbox. What is dead does nothing more, whatever catches its
 * death; its transaction is rolled back, as a database does with a client that is gone.
 */
final class Crashes implements BeanPostProcessor, MethodInterceptor {

	private static final Set<Class<?>> STEPS = Set.of(OrderRepository.class, Inventory.class,
			EventPublicationRegistry.class);

	private final Random random = new Random();

	private final ThreadLocal<Boolean> dead = ThreadLocal.withInitial(() -> false);

	private final AtomicInteger deaths = new AtomicInteger();

	private volatile double probability;

	/** From now on every step is the last one with this probability. */
	void strike(double newProbability) {
		this.probability = newProbability;
	}

	/** What follows in this thread belongs to another process. */
	boolean buryTheDead() {
		boolean wasDead = this.dead.get();
		this.dead.remove();
		return wasDead;
	}

	int deaths() {
		return this.deaths.get();
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (STEPS.stream().noneMatch((step) -> step.isInstance(bean))) {
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
	static final class Death extends Error {

		private static final long serialVersionUID = 1L;

		Death() {
			super("The process has died", null, false, false);
		}

	}

}
