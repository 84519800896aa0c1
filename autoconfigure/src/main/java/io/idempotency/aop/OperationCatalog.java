package io.idempotency.aop;

import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import io.idempotency.IdempotentOperation;

/**
 * The annotated operations of the application as they are named, for those who describe
 * them. Complete when the application has started, but for beans that are made later. For
 * all threads.
 */
public final class OperationCatalog {

	private final IdempotentOperationSource source;

	private final List<OperationNames> names;

	public OperationCatalog(IdempotentOperationSource source, List<OperationNames> names) {
		this.source = source;
		this.names = List.copyOf(names);
	}

	/** All that are known by now, by name. */
	public List<IdempotentOperation> operations() {
		return this.source.known()
			.flatMap(this::named)
			.distinct()
			.sorted(Comparator.comparing(IdempotentOperation::name))
			.toList();
	}

	private Stream<IdempotentOperation> named(MethodOperation method) {
		List<String> others = this.names.stream().flatMap((door) -> door.of(method).stream()).toList();
		return others.isEmpty() ? Stream.of(method.operation())
				: others.stream().map((name) -> method.operation().named(name));
	}

}
