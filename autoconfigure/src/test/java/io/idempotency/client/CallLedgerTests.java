package io.idempotency.client;

import io.idempotency.DigestBuilder;
import io.idempotency.Fingerprint;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Which call a request belongs to. */
class CallLedgerTests {

	private static final String PLACE = "payments\nPOST\n/charges";

	private final CallLedger ledger = CallLedger.empty();

	private static Fingerprint body(String text) {
		return new DigestBuilder().text(text).build();
	}

	/** A request, as its answer comes. */
	private record Request(CallLedger.Entry entry) {

		int ordinal() {
			return this.entry.call().ordinal();
		}

		void failed() {
			this.entry.call().settled(this.entry.request(), true);
		}

	}

	private static Request ask(CallLedger ledger, String text) {
		return new Request(ledger.request(PLACE, body(text)));
	}

	private int ordinal(String text) {
		return ask(this.ledger, text).ordinal();
	}

	@Test
	void answeredCallsAreCountedOfEachPlace() {
		assertThat(ordinal("a")).isZero();
		assertThat(ordinal("a")).isOne();
		assertThat(ordinal("b")).isEqualTo(2);
		assertThat(this.ledger.request("elsewhere", body("a")).call().ordinal()).isZero();
	}

	@Test
	void failedCallIsRetriedByTheSameBodyOnly() {
		ask(this.ledger, "a").failed();
		assertThat(ordinal("b")).isOne();
		assertThat(ordinal("a")).isZero();
		assertThat(ordinal("a")).isEqualTo(2);
	}

	/** Its caller gave up waiting, say, and has its answer from the second. */
	@Test
	void requestThatFailsAfterAnotherWasMadeChangesNothing() {
		CallLedger retried = this.ledger.inner();
		Request late = ask(retried, "a");
		retried.attempt();
		assertThat(ask(retried, "a").ordinal()).isZero();
		late.failed();
		assertThat(ask(retried, "a").ordinal()).isOne();
	}

	@Test
	void everyAttemptHasTheCallsOfTheFirst() {
		ordinal("before");
		CallLedger retried = this.ledger.inner();
		assertThat(ask(retried, "a").ordinal()).isOne();
		ask(retried, "b").failed();
		retried.attempt();
		assertThat(ask(retried, "a").ordinal()).isOne();
		assertThat(ask(retried, "b").ordinal()).isEqualTo(2);
		assertThat(ask(retried, "c").ordinal()).isEqualTo(3);
		retried.attempt();
		assertThat(ask(retried, "at 10:01").ordinal()).isOne();
		assertThat(ask(retried, "c").ordinal()).isEqualTo(3);
		assertThat(ask(retried, "at 10:02").ordinal()).isEqualTo(2);
		assertThat(ordinal("after")).isEqualTo(4);
	}

	/** Otherwise the second call would get the key of the first. */
	@Test
	void retryWithinAnAttemptIsNotTakenForItsNextCall() {
		CallLedger retried = this.ledger.inner();
		ask(retried, "a").failed();
		assertThat(ask(retried, "a").ordinal()).isZero();
		assertThat(ask(retried, "b").ordinal()).isOne();
		retried.attempt();
		assertThat(ask(retried, "a").ordinal()).isZero();
		assertThat(ask(retried, "b").ordinal()).isOne();
		retried.attempt();
		ask(retried, "a").failed();
		assertThat(ask(retried, "a").ordinal()).isZero();
		assertThat(ask(retried, "b").ordinal()).isOne();
	}

	@Test
	void attemptThatLeavesACallOutDoesNotGiveItsKeyToAnother() {
		CallLedger retried = this.ledger.inner();
		ask(retried, "a");
		ask(retried, "b").failed();
		retried.attempt();
		assertThat(ask(retried, "b").ordinal()).isOne();
	}

	@Test
	void workThatGaveUpIsRecognisedWhenItIsTriedAgain() {
		CallLedger first = this.ledger.inner();
		ask(first, "a").failed();
		first.attempt();
		ask(first, "a").failed();
		assertThat(ask(this.ledger.inner(), "b").ordinal()).isOne();
		assertThat(ask(this.ledger.inner(), "a").ordinal()).isZero();
	}

	@Test
	void attemptsOfOneDoNotDisturbAnother() {
		CallLedger one = this.ledger.inner();
		CallLedger other = this.ledger.inner();
		ask(other, "x");
		ask(one, "a").failed();
		one.attempt();
		assertThat(ask(one, "a").ordinal()).isOne();
		assertThat(ask(other, "y").ordinal()).isEqualTo(2);
	}

	@Test
	void outerAttemptRepeatsWhatInnerOnesDid() {
		CallLedger outer = this.ledger.inner();
		CallLedger inner = outer.inner();
		ask(inner, "a").failed();
		inner.attempt();
		ask(inner, "a");
		ask(outer, "b").failed();
		outer.attempt();
		assertThat(ask(outer.inner(), "a").ordinal()).isZero();
		assertThat(ask(outer, "b").ordinal()).isOne();
	}

	@Test
	void oneCallHasOneOrdinalOfEachPlace() {
		CallLedger single = this.ledger.innerOfOneCall();
		assertThat(ask(single, "a").ordinal()).isZero();
		assertThat(ask(single, "b").ordinal()).isZero();
		assertThat(ask(this.ledger.innerOfOneCall(), "a").ordinal()).isOne();
	}

}
