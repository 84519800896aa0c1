package io.idempotency.store;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import io.idempotency.DigestBuilder;
import io.idempotency.StoredResult;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Drives a store and {@link StoreModel} in step through generated sequences of calls by
 * three callers and of time passing: each answer of the store has to be the model's. A
 * sequence that fails is made shorter before it is shown.
 */
public abstract class StoreModelProperties {

	private static final int CALLERS = 3;

	private static final Duration LONG = Duration.ofMinutes(10);

	/** The store that is tested. */
	protected abstract IdempotencyStore store();

	/** A moment of the store's clock, in nanoseconds. */
	protected abstract long now();

	/** Lets at least this much of the store's time pass. */
	protected abstract void elapse(Duration time);

	/** A lease that the test has the patience to let end. */
	protected abstract Duration shortTime();

	/** Within this time of an end nobody is asked. */
	protected abstract Duration margin();

	/**
	 * What one caller asks for each time.
	 *
	 * @param leases how long, in short times, a negative number for long
	 * @param holds likewise; zero for no hold
	 */
	record Wish(int leases, int holds, int fingerprint) {
	}

	@Property
	void storeAndModelStayInStep(@ForAll("wishes") List<Wish> wishes, @ForAll("sequences") List<StoreStep> steps) {
		run(wishes, steps);
	}

	final void run(List<Wish> wishes, List<StoreStep> steps) {
		RecordKey key = new RecordKey("POST /payments", UUID.randomUUID().toString().substring(0, 22));
		List<Claim> claims = new ArrayList<>();
		for (Wish wish : wishes) {
			claims.add(new Claim(key, owner(claims.size()), new DigestBuilder().number(wish.fingerprint()).build(),
					time(wish.leases()), time(wish.holds())));
		}
		StoreModel model = new StoreModel();
		for (int i = 0; i < steps.size(); i++) {
			StoreStep step = steps.get(i);
			while (model.endsAbout(now(), margin().toNanos())) {
				elapse(margin());
			}
			long before = now();
			String found = model.toString();
			Object answer = ask(step, claims);
			Assume.that(step instanceof StoreStep.Passing || now() - before <= margin().toNanos());
			assertThat(answer).as("answer to step %d, %s, of %s by %s, found %s", i, step, steps, wishes, found)
				.isEqualTo(expect(step, claims, model, before));
		}
	}

	/** Told apart from the others by its last byte: a store may keep no more of it. */
	private static OwnerToken owner(int caller) {
		return new OwnerToken(OwnerToken.next().value() & ~0xFFL | caller);
	}

	private Object ask(StoreStep step, List<Claim> claims) {
		if (step instanceof StoreStep.Claiming claiming) {
			return store().claim(claims.get(claiming.caller()));
		}
		if (step instanceof StoreStep.Renewing renewing) {
			return store().renew(claims.get(renewing.caller()));
		}
		if (step instanceof StoreStep.Completing completing) {
			return store().complete(claims.get(completing.caller()), completing.result(), completing.retention());
		}
		if (step instanceof StoreStep.Releasing releasing) {
			return store().release(claims.get(releasing.caller()));
		}
		if (step instanceof StoreStep.Abandoning abandoning) {
			return store().abandon(claims.get(abandoning.caller()));
		}
		elapse(((StoreStep.Passing) step).time());
		return "";
	}

	private static Object expect(StoreStep step, List<Claim> claims, StoreModel model, long now) {
		if (step instanceof StoreStep.Claiming claiming) {
			return model.claim(claims.get(claiming.caller()), now);
		}
		if (step instanceof StoreStep.Renewing renewing) {
			return model.renew(claims.get(renewing.caller()), now);
		}
		if (step instanceof StoreStep.Completing completing) {
			return model.complete(claims.get(completing.caller()), completing.result(), completing.retention(), now);
		}
		if (step instanceof StoreStep.Releasing releasing) {
			return model.release(claims.get(releasing.caller()), now);
		}
		if (step instanceof StoreStep.Abandoning abandoning) {
			return model.abandon(claims.get(abandoning.caller()), now);
		}
		return "";
	}

	private Duration time(int shortTimes) {
		return (shortTimes < 0) ? LONG : shortTime().multipliedBy(shortTimes);
	}

	@Provide
	Arbitrary<List<Wish>> wishes() {
		return Combinators.combine(Arbitraries.of(1, 3, 3, -1), Arbitraries.of(0, 0, 2, -1), Arbitraries.of(1, 2))
			.as(Wish::new)
			.list()
			.ofSize(CALLERS);
	}

	@Provide
	Arbitrary<List<StoreStep>> sequences() {
		Arbitrary<Integer> callers = Arbitraries.integers().between(0, CALLERS - 1);
		Arbitrary<StoredResult> results = Arbitraries.of(StoredResult.notKept(), StoredResult.of(new byte[0]),
				StoredResult.of(new byte[] { 0, 1, -1 }), StoredResult.of(new byte[300]));
		Arbitrary<Duration> retentions = Arbitraries.of(1, 4, -1).map(this::time);
		Arbitrary<List<StoreStep>> any = Arbitraries.frequencyOf(Tuple.of(4, callers.map(StoreStep.Claiming::new)),
				Tuple.of(2, callers.map(StoreStep.Renewing::new)),
				Tuple.of(2, Combinators.combine(callers, results, retentions).as(StoreStep.Completing::new)),
				Tuple.of(1, callers.map(StoreStep.Releasing::new)), Tuple.of(1, callers.map(StoreStep.Abandoning::new)),
				Tuple.of(2, Arbitraries.of(1, 2).map(this::time).map(StoreStep.Passing::new)))
			.list()
			.ofMinSize(2)
			.ofMaxSize(14)
			.map(List::copyOf);
		// what is seldom come upon by chance
		Arbitrary<List<StoreStep>> renewed = Combinators.combine(callers, any).as(this::renewed);
		Arbitrary<List<StoreStep>> abandoned = Combinators.combine(callers, any).as(this::abandoned);
		return Arbitraries.frequencyOf(Tuple.of(4, any), Tuple.of(1, renewed), Tuple.of(1, abandoned));
	}

	/** A lease that is renewed in time. */
	private List<StoreStep> renewed(int caller, List<StoreStep> next) {
		return then(next, new StoreStep.Claiming(caller), new StoreStep.Passing(time(2)),
				new StoreStep.Renewing(caller), new StoreStep.Passing(time(2)),
				new StoreStep.Claiming((caller + 1) % CALLERS));
	}

	/** A hold that ends. */
	private List<StoreStep> abandoned(int caller, List<StoreStep> next) {
		return then(next, new StoreStep.Claiming(caller), new StoreStep.Abandoning(caller),
				new StoreStep.Passing(time(2)), new StoreStep.Claiming((caller + 1) % CALLERS));
	}

	private static List<StoreStep> then(List<StoreStep> next, StoreStep... first) {
		List<StoreStep> steps = new ArrayList<>(List.of(first));
		steps.addAll(next);
		return steps;
	}

}
