package io.idempotency.store.redis;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ServerFactsTests {

	@Test
	void serverThatLosesNothingIsNoConcern() {
		assertThat(ServerFacts.of(info("7.0.15", "1000000", "noeviction", "1"), "").concerns()).isEmpty();
		assertThat(ServerFacts.of(info("6.2.14", "0", "allkeys-lru", "0"), "3600 1 300 100").concerns()).isEmpty();
	}

	@Test
	void evictionPersistenceAndVersionAreConcerns() {
		assertThat(ServerFacts.of(info("5.0.7", "1000000", "volatile-lru", "0"), "").concerns()).satisfiesExactly(
				(version) -> assertThat(version).contains("5.0.7", "6.2"),
				(policy) -> assertThat(policy).contains("volatile-lru", "noeviction"),
				(persistence) -> assertThat(persistence).contains("persists nothing", "appendonly"));
	}

	@Test
	void whatIsNotToldIsNoConcern() {
		assertThat(ServerFacts.of("", null).concerns()).isEmpty();
		assertThat(ServerFacts.of(info("unstable", "0", "noeviction", "0"), null).concerns()).isEmpty();
		assertThat(ServerFacts.of("redis_version:6.1\r\n", null).concerns()).hasSize(1);
	}

	private static String info(String version, String maxmemory, String policy, String aof) {
		return "# Server\r\nredis_version:" + version + "\r\nuptime:1\r\n\r\n# Memory\r\nmaxmemory:" + maxmemory
				+ "\r\nmaxmemory_policy:" + policy + "\r\n# Persistence\r\naof_enabled:" + aof + "\r\n";
	}

}
