package io.idempotency.sample;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import io.idempotency.sample.testsupport.Answer;
import io.idempotency.sample.testsupport.PaymentClient;
import io.idempotency.sample.testsupport.RedisProcess;
import io.idempotency.sample.testsupport.SampleProcess;
import io.idempotency.sample.testsupport.SharedDatabase;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/** Two hundred calls at once with one key. */
class ParallelDuplicatesIT {

	private static final int CALLS = 200;

	private static RedisProcess redis;

	private static SharedDatabase database;

	private static List<SampleProcess> processes;

	@BeforeAll
	static void start() {
		redis = RedisProcess.started();
		database = SharedDatabase.started();
		// 200 threads of a cold process may wait for a processor longer than for Redis
		String patient = "--idempotency.store-timeout=10s";
		processes = List.of(SampleProcess.launch("parallel-1", redis, database, patient),
				SampleProcess.launch("parallel-2", redis, database, patient));
	}

	@AfterAll
	static void stop() {
		processes.forEach(SampleProcess::close);
		redis.close();
		database.close();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void oneRunsAndTheOthersAreToldToComeAgain(int processCount) {
		String key = "reject-" + processCount;
		List<Answer> answers = payAtOnce("/payments", key, processCount);
		assertThat(answers).allSatisfy((answer) -> {
			assertThat(answer.status()).isIn(201, 409);
			if (answer.status() == 409) {
				assertThat(answer.problem()).isEqualTo("in-progress");
				assertThat(answer.header("Retry-After")).isEqualTo("1");
			}
		});
		assertOneExecution(key, answers);
		assertThat(answers).anyMatch((answer) -> answer.status() == 409);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void oneRunsAndTheOthersWaitForItsAnswer(int processCount) {
		String key = "wait-" + processCount;
		List<Answer> answers = payAtOnce("/payments/waiting", key, processCount);
		assertThat(answers).allMatch((answer) -> answer.status() == 201);
		assertOneExecution(key, answers);
		assertThat(answers).filteredOn(Answer::isReplay).hasSize(CALLS - 1);
	}

	private static void assertOneExecution(String key, List<Answer> answers) {
		assertThat(answers).hasSize(CALLS);
		assertThat(answers).filteredOn((answer) -> answer.isSuccess() && !answer.isReplay()).hasSize(1);
		assertThat(answers).filteredOn(Answer::isSuccess)
			.extracting(Answer::text)
			.containsOnly(answers.stream()
				.filter((answer) -> answer.isSuccess() && !answer.isReplay())
				.findAny()
				.orElseThrow()
				.text());
		assertThat(database.executions(key)).isEqualTo(1);
	}

	private static List<Answer> payAtOnce(String path, String key, int processCount) {
		String body = PaymentClient.payment(key);
		List<CompletableFuture<Answer>> calls = IntStream.range(0, CALLS)
			.mapToObj((i) -> processes.get(i % processCount).client().postAsync(path, key, body, "X-Demo-Delay", "1s"))
			.toList();
		return calls.stream().map(CompletableFuture::join).toList();
	}

}
