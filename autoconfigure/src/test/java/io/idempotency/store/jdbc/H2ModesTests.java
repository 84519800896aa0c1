package io.idempotency.store.jdbc;

import java.time.Duration;

import io.idempotency.StoredResult;
import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.OwnerToken;
import io.idempotency.store.RecordKey;
import io.idempotency.testsupport.Claims;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** H2 as tests of applications use it: in place of another database. */
class H2ModesTests {

	private static final Duration MINUTE = Duration.ofMinutes(1);

	@ParameterizedTest
	@ValueSource(strings = { "", ";MODE=PostgreSQL;DATABASE_TO_LOWER=TRUE;DEFAULT_NULL_ORDERING=HIGH",
			";MODE=MySQL;DATABASE_TO_LOWER=TRUE", ";MODE=MariaDB", ";IGNORECASE=TRUE", ";MODE=Oracle",
			";MODE=Regular" })
	void recordsAreKeptInEveryMode(String settings) {
		try (H2Database database = new H2Database(settings)) {
			database.withTable().withTable();
			JdbcIdempotencyStore store = new JdbcIdempotencyStore(database.pool(),
					new JdbcSettings(MINUTE, MINUTE, 2, false), (count) -> {
					});
			Claim claim = Claims.fresh();
			assertThat(store.claim(claim)).isInstanceOf(ClaimOutcome.Acquired.class);
			assertThat(store.claim(Claims.again(claim))).isInstanceOf(ClaimOutcome.Pending.class);
			assertThat(store.renew(claim)).isTrue();
			assertThat(store.complete(claim, StoredResult.of(new byte[2_000_000]), MINUTE)).isTrue();
			assertThat(store.claim(Claims.again(claim)))
				.isEqualTo(new ClaimOutcome.Completed(claim.fingerprint(), StoredResult.of(new byte[2_000_000])));
			for (String digest : new String[] { "aaaaaaaaaaaaaaaaaaaaaa", "AAAAAAAAAAAAAAAAAAAAAA" }) {
				assertThat(store.claim(new Claim(new RecordKey("things", digest), OwnerToken.next(),
						claim.fingerprint(), Duration.ofMillis(1))))
					.isInstanceOf(ClaimOutcome.Acquired.class);
			}
			Claim taken = Claims.fresh(Duration.ofMillis(1));
			store.claim(taken);
			await().until(() -> store.claim(Claims.again(taken)) instanceof ClaimOutcome.Acquired);
			assertThat(store.purge()).isPositive();
		}
	}

}
