package io.idempotency.documentation;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;

import com.google.crypto.tink.KmsClient;
import io.idempotency.IdempotencyContext;
import io.idempotency.IdempotencyTemplate;
import io.idempotency.client.OutgoingKeys;

import org.springframework.data.redis.connection.stream.MapRecord;
import org.springframework.data.redis.core.StreamOperations;
import org.springframework.data.redis.core.StringRedisTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.web.client.RestClient;

/**
 * What the pages take for granted of the reader's application: the pieces of Java on them
 * are compiled as parts of a subclass. Nothing of it is ever run.
 */
@SuppressWarnings({ "NullAway", "unused" })
public abstract class TakenForGranted {

	protected static final Duration IDLE = Duration.ofMinutes(1);

	protected static final int TRIES = 5;

	protected PaymentService service;

	protected StreamOperations<String, String, String> streams;

	protected String name;

	protected Provider provider;

	protected IdempotencyTemplate idempotency;

	protected OutgoingKeys keys;

	protected RestClient.Builder builder;

	protected HttpSecurity http;

	protected Ledger ledger;

	protected Accounts accounts;

	protected Orders orders;

	protected Order order;

	protected StringRedisTemplate template;

	protected JdbcClient jdbc;

	protected RetryCalls retry;

	protected Client client;

	protected Trips trips;

	protected String trip;

	protected List<TripStep> steps;

	protected List<TripStep> reversed;

	protected List<String> answers;

	protected StepLog log;

	protected TripPayments payments;

	protected KmsClient kms;

	protected String json;

	protected String uri;

	/** What a client asks for. */
	public record PaymentRequest(String account, BigDecimal amount) {
	}

	/** What it gets. */
	public record Payment(long id, String account, BigDecimal amount) {
	}

	/** Of the reader's own. */
	public interface PaymentService {

		Payment charge(PaymentRequest request);

		Payment pay(PaymentRequest request);

	}

	/** Of somebody else. */
	public interface Provider {

		Receipt charge(Order order);

		Receipt charge(Order order, String key);

		Receipt charge(Item item);

	}

	/** What a provider answers. */
	public record Receipt(String id) {
	}

	/** What is paid for. */
	public record Order(String id, BigDecimal amount, List<Item> items) {
	}

	/** A part of that. */
	public record Item(String id) {
	}

	/** Who writes down. */
	public interface Ledger {

		void book(Payment payment);

		long count();

	}

	/** An event of a stream. */
	public record AccountEvent(String account, long sequence) {
	}

	/** Who takes such events. */
	public interface Accounts {

		void book(AccountEvent event);

	}

	/** Who takes any. */
	public interface Orders {

		void process(Object entry);

	}

	/** Resilience4j's Retry, as far as it is called. */
	public interface RetryCalls {

		<T> T executeCallable(Callable<T> callable) throws Exception;

	}

	/** Who calls the reader's endpoint in a test. */
	public interface Client {

		Payment pay(String key, int amount);

	}

	/** A handler of the reader's own. */
	public static class PaymentController {

	}

	/** A saga's state. */
	public record Trip(String id) {
	}

	/** How it ended. */
	public enum TripOutcome {

		/** Well. */
		BOOKED

	}

	/** Where its state is. */
	public interface Trips {

		Trip trip(String id);

	}

	/** One of its steps. */
	public interface TripStep {

		String name();

		String run(String key, String trip);

		void compensate(String key, String stepKey, String trip);

	}

	/** What was done of it. */
	public interface StepLog {

		void begin(String key);

		boolean withdraw(String key);

	}

	/** What one of its steps does. */
	public interface TripPayments {

		String charge(Trip trip);

	}

	protected void process(MapRecord<String, String, String> entry) {
		throw new UnsupportedOperationException();
	}

	protected TripOutcome advance(Trip of, IdempotencyContext keysOfIt) {
		throw new UnsupportedOperationException();
	}

	/** Tells tenants apart. */
	public record TenantContext(String id) {

		/** Whose call this is. */
		public static TenantContext current() {
			throw new UnsupportedOperationException();
		}

	}

	/** An answer of a bank. */
	public static class DeclinedByBank extends RuntimeException {

		private static final long serialVersionUID = 1L;

		/** Whether asking again is of no use. */
		public boolean isFinal() {
			return true;
		}

	}

}
