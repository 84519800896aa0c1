package io.idempotency.store.redis;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/** What servers say when they refuse, word by word. */
class RedisRefusalTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					OOM         | OOM command not allowed when used memory > 'maxmemory'.
					READONLY    | READONLY You can't write against a read only replica.
					READONLY    | READONLY You can't write against a read only replica. script: 8a2, on @user_script:1.
					READONLY    | ERR Error running script (call to f_8a2): @user_script:9: @user_script: 9: -READONLY You can't write against a read only replica.
					OOM         | ERR Error running script (call to f_8a2): @user_script:9: @user_script: 9: -OOM command not allowed when used memory > 'maxmemory'.
					LOADING     | LOADING Redis is loading the dataset in memory
					MASTERDOWN  | MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.
					CLUSTERDOWN | CLUSTERDOWN Hash slot not served
					TRYAGAIN    | TRYAGAIN Multiple keys request during rehashing of slot
					BUSY        | BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.
					MOVED       | MOVED 3999 127.0.0.1:6381
					ASK         | ASK 3999 127.0.0.1:6381
					NOREPLICAS  | NOREPLICAS Not enough good replicas to write.
					MISCONF     | MISCONF Redis is configured to save RDB snapshots, but it is currently unable to persist to disk.
					NOAUTH      | NOAUTH Authentication required.
					WRONGPASS   | WRONGPASS invalid username-password pair or user is disabled.
					NOPERM      | NOPERM this user has no permissions to run the 'getex' command
					WRONGTYPE   | WRONGTYPE Operation against a key holding the wrong kind of value
					SYNTAX      | ERR syntax error
					NOPERM      | ERR The user executing the script can't run this command or subcommand script: 1a2, on @user_script:1.
					OTHER       | ERR unknown command 'GETEX'
					OTHER       | EXECABORT
					""")
	void isKnownByItsFirstWord(RedisRefusal refusal, String message) {
		assertThat(RedisRefusal.of(message)).isEqualTo(refusal);
	}

	@Test
	void silenceIsNothingInParticular() {
		assertThat(RedisRefusal.of((String) null)).isEqualTo(RedisRefusal.OTHER);
		assertThat(RedisRefusal.OTHER.explain("ERR no")).isEqualTo("ERR no");
		assertThat(RedisRefusal.NOAUTH.explain("NOAUTH Authentication required."))
			.isEqualTo("NOAUTH Authentication required. It wants a password: set spring.data.redis.password.");
		assertThat(RedisRefusal.BUSY.explain("BUSY")).isEqualTo("BUSY. Somebody's script keeps it busy.");
	}

}
