package io.idempotency.actuate;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

import io.idempotency.IdempotentOperation;
import io.idempotency.store.IdempotencyStoreException;
import io.idempotency.store.RecordAdministration;
import io.idempotency.store.RecordKey;
import io.idempotency.store.RecordState;
import io.idempotency.store.RecordView;
import io.idempotency.store.UnreadableRecordException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

/** Finds the store of a record and works on it. For all threads. */
public final class RecordDesk {

	private final Supplier<? extends Collection<IdempotentOperation>> operations;

	private final Map<String, RecordAdministration> stores;

	private final boolean showFingerprints;

	/**
	 * @param operations those of the application, by now
	 * @param stores those that show their records, by their names
	 * @param showFingerprints whether fingerprints are shown
	 */
	public RecordDesk(Supplier<? extends Collection<IdempotentOperation>> operations,
			Map<String, RecordAdministration> stores, boolean showFingerprints) {
		this.operations = operations;
		this.stores = new TreeMap<>(stores);
		this.showFingerprints = showFingerprints;
	}

	List<OperationDescriptor> operations() {
		return this.operations.get().stream().map(OperationDescriptor::of).toList();
	}

	/**
	 * Works on a record.
	 * @param store its store, if its operation is not known
	 * @return the record as it was found; {@code null} if there is none
	 */
	@Nullable RecordDescriptor work(RecordAction action, RecordKey key, @Nullable String store) {
		IdempotentOperation operation = operation(key.operation());
		String name = (store != null) ? store : storeOf(operation);
		RecordAdministration records = this.stores.get(name);
		if (records == null) {
			throw invalid("The store '" + name + "' shows no records. Those that do: " + this.stores.keySet());
		}
		try {
			Optional<RecordView> found = (action == RecordAction.LOOK) ? records.look(key)
					: records.remove(key, action.states());
			return found
				.map((view) -> RecordDescriptor.of(key, name, view, age(view, operation), this.showFingerprints))
				.orElse(null);
		}
		catch (UnreadableRecordException ex) {
			throw invalid("There is a record that this version of the library cannot read");
		}
		catch (IdempotencyStoreException ex) {
			throw new IllegalStateException("The store '" + name + "' does not answer", ex);
		}
	}

	private @Nullable IdempotentOperation operation(String name) {
		return this.operations.get().stream().filter((known) -> known.name().equals(name)).findFirst().orElse(null);
	}

	private String storeOf(@Nullable IdempotentOperation operation) {
		if (operation == null) {
			throw invalid("There is no operation of that name. Choose one of " + names()
					+ ", or name the store too if a program makes up the operation");
		}
		return operation.store();
	}

	/**
	 * The age that a store does not keep, of a result: what has gone of the operation's
	 * ttl, if that has not been changed since.
	 */
	private static @Nullable Duration age(RecordView view, @Nullable IdempotentOperation operation) {
		boolean completed = view.state() == RecordState.COMPLETED || view.state() == RecordState.NOT_KEPT;
		if (view.age() != null || operation == null || !completed) {
			return view.age();
		}
		Duration gone = operation.ttl().minus(view.remaining());
		return gone.isNegative() ? Duration.ZERO : gone;
	}

	private Collection<String> names() {
		return this.operations.get()
			.stream()
			.map(IdempotentOperation::name)
			.collect(TreeSet::new, TreeSet::add, TreeSet::addAll);
	}

	static InvalidEndpointRequestException invalid(String reason) {
		return new InvalidEndpointRequestException(reason, reason);
	}

}
