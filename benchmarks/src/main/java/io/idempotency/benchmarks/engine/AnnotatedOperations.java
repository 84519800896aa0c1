package io.idempotency.benchmarks.engine;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.idempotency.Idempotent;
import io.idempotency.InProgress;
import io.idempotency.OnStoreFailure;
import io.idempotency.Recovery;
import io.idempotency.aop.IdempotentOperationSource;
import io.idempotency.aop.MethodOperation;
import io.idempotency.aop.OperationDefaults;
import org.jspecify.annotations.Nullable;

/**
 * Up to sixty-four annotated methods, as the aspect asks for them: eight methods of each
 * of eight classes.
 */
public final class AnnotatedOperations {

	private static final List<Class<?>> BEANS = List.of(Orders.class, Payments.class, Refunds.class, Accounts.class,
			Invoices.class, Shipments.class, Vouchers.class, Contracts.class);

	private final IdempotentOperationSource source = new IdempotentOperationSource(
			new OperationDefaults(Duration.ofDays(1), Duration.ofSeconds(30), Duration.ofSeconds(2), InProgress.REJECT,
					Duration.ofSeconds(5), Recovery.RERUN, OnStoreFailure.REJECT, "memory"),
			(text) -> text, (context, name) -> {
				throw new IllegalStateException("No expression here names a bean");
			});

	private final List<Target> targets = new ArrayList<>();

	private record Target(Method method, Class<?> bean) {
	}

	/**
	 * @param count how many operations, up to sixty-four
	 */
	public AnnotatedOperations(int count) {
		for (int i = 0; i < count; i++) {
			this.targets.add(new Target(method("step" + (i % 8)), BEANS.get(i / 8)));
		}
		for (int i = 0; i < count; i++) {
			if (find(i) == null) {
				throw new IllegalStateException("Each of these methods is annotated");
			}
		}
	}

	private static Method method(String name) {
		try {
			return Steps.class.getMethod(name, String.class);
		}
		catch (NoSuchMethodException ex) {
			throw new IllegalStateException(ex);
		}
	}

	public int count() {
		return this.targets.size();
	}

	/**
	 * The operation of one of the methods.
	 * @param index from zero on
	 */
	public @Nullable MethodOperation find(int index) {
		Target target = this.targets.get(index);
		return this.source.find(target.method(), target.bean());
	}

	/** What all beans inherit. */
	@Idempotent(key = "#id")
	static class Steps {

		public String step0(String id) {
			return id;
		}

		public String step1(String id) {
			return id;
		}

		public String step2(String id) {
			return id;
		}

		public String step3(String id) {
			return id;
		}

		public String step4(String id) {
			return id;
		}

		public String step5(String id) {
			return id;
		}

		public String step6(String id) {
			return id;
		}

		public String step7(String id) {
			return id;
		}

	}

	static class Orders extends Steps {

	}

	static class Payments extends Steps {

	}

	static class Refunds extends Steps {

	}

	static class Accounts extends Steps {

	}

	static class Invoices extends Steps {

	}

	static class Shipments extends Steps {

	}

	static class Vouchers extends Steps {

	}

	static class Contracts extends Steps {

	}

}
