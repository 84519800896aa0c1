package io.idempotency.actuate;

import java.security.Principal;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.idempotency.store.RecordKey;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.audit.listener.AuditApplicationEvent;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.context.ApplicationEventPublisher;

/**
 * Shows the operations of the application and single records, releases calls of unknown
 * outcome, and forgets what was done. A caller's key belongs into the body of a request,
 * so that no access log has it. Whatever is or may have been changed is an audit event.
 * <p>
 * It only reads unless its access is unrestricted.
 */
@WebEndpoint(id = "idempotency", defaultAccess = Access.READ_ONLY)
public final class IdempotencyEndpoint {

	private static final Log logger = LogFactory.getLog(IdempotencyEndpoint.class);

	private final RecordDesk desk;

	private final ApplicationEventPublisher events;

	public IdempotencyEndpoint(RecordDesk desk, ApplicationEventPublisher events) {
		this.desk = desk;
		this.events = events;
	}

	/**
	 * All operations.
	 *
	 * @param operations with their settings
	 */
	public record Operations(List<OperationDescriptor> operations) {
	}

	/** The operations that are known by now, with their settings. */
	@ReadOperation
	public Operations operations() {
		return new Operations(this.desk.operations());
	}

	/**
	 * Looks at a record.
	 * @param record its digest, as in the log
	 * @param operation the name of its operation
	 * @param store the name of its store, if the operation is not among the known ones
	 * @return {@code null} if there is none
	 */
	@ReadOperation
	public @Nullable RecordDescriptor record(@Selector String record, String operation, @Nullable String store) {
		return this.desk.work(RecordAction.LOOK, key(operation, record, null, null), store);
	}

	/**
	 * Works on a record, which is named by its digest or by scope and key.
	 * @param action what to do
	 * @param operation the name of its operation
	 * @param record its digest
	 * @param scope who called, as a door names callers
	 * @param key the caller's key
	 * @param store the name of its store, if the operation is not among the known ones
	 * @return the record as it was found: 404 if there is none, 409 if it is in a state
	 * that forbids the action
	 */
	@WriteOperation
	public WebEndpointResponse<RecordDescriptor> work(SecurityContext caller, @Selector RecordAction action,
			String operation, @Nullable String record, @Nullable String scope, @Nullable String key,
			@Nullable String store) {
		RecordKey which = key(operation, record, scope, key);
		RecordDescriptor found;
		try {
			found = this.desk.work(action, which, store);
		}
		catch (IllegalStateException ex) {
			// its answer may be lost, and the record gone
			audit(caller, action, which, "not known", "not known");
			throw ex;
		}
		int status = status(action, found);
		audit(caller, action, which, (found != null) ? found.state().name() : "ABSENT",
				String.valueOf(status == WebEndpointResponse.STATUS_OK));
		return new WebEndpointResponse<>(found, status);
	}

	private static int status(RecordAction action, @Nullable RecordDescriptor found) {
		if (found == null) {
			return WebEndpointResponse.STATUS_NOT_FOUND;
		}
		boolean done = action == RecordAction.LOOK || action.states().contains(found.state());
		return done ? WebEndpointResponse.STATUS_OK : 409;
	}

	private static RecordKey key(String operation, @Nullable String record, @Nullable String scope,
			@Nullable String key) {
		if (record != null && key == null && scope == null) {
			if (!record.matches("[A-Za-z0-9_-]{" + RecordKey.DIGEST_LENGTH + "}")) {
				throw RecordDesk.invalid("A record's digest has " + RecordKey.DIGEST_LENGTH + " characters");
			}
			return new RecordKey(operation, record);
		}
		if (record != null || key == null) {
			throw RecordDesk.invalid("Name the record by its digest, as in the log, or by scope and key");
		}
		return RecordKey.of(operation, (scope != null) ? scope : "", key);
	}

	private void audit(SecurityContext caller, RecordAction action, RecordKey which, String state, String done) {
		if (action == RecordAction.LOOK) {
			return;
		}
		logger.info("An operator asked to " + action.name().toLowerCase(Locale.ROOT) + " a record of "
				+ which.operation() + ". Found: " + state + ", done: " + done + ". Record " + which.digest());
		Principal operator = caller.getPrincipal();
		this.events.publishEvent(new AuditApplicationEvent((operator != null) ? operator.getName() : "anonymous",
				"IDEMPOTENCY_" + action,
				Map.of("operation", which.operation(), "record", which.digest(), "state", state, "done", done)));
	}

}
