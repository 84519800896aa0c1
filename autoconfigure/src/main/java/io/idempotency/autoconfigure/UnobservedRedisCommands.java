package io.idempotency.autoconfigure;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import io.lettuce.core.protocol.RedisCommand;
import io.lettuce.core.tracing.LettuceObservationContext;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the driver from making an observation of each command that touches a record. The
 * store measures its calls anyway, and the driver's observations cost more than the
 * commands. Those of the application's own commands stay.
 */
final class UnobservedRedisCommands implements ObservationPredicate {

	/** What the store sends, so that no key of any other command is looked at. */
	private static final Set<CommandType> SENT = Set.of(CommandType.SET, CommandType.EVALSHA, CommandType.EVAL,
			CommandType.GETEX, CommandType.GET);

	private final ByteBuffer start;

	/**
	 * @param keyPrefix what the keys of records start with, without the colon
	 */
	UnobservedRedisCommands(String keyPrefix) {
		this.start = ByteBuffer.wrap((keyPrefix + ':').getBytes(StandardCharsets.US_ASCII));
	}

	@Override
	public boolean test(String name, Observation.Context context) {
		return !(context instanceof LettuceObservationContext driver && driver.hasCommand()
				&& touchesRecord(driver.getRequiredCommand()));
	}

	private boolean touchesRecord(RedisCommand<?, ?, ?> command) {
		if (!(command.getType() instanceof CommandType type) || !SENT.contains(type)) {
			return false;
		}
		CommandArgs<?, ?> arguments = command.getArgs();
		ByteBuffer key = (arguments != null) ? arguments.getFirstEncodedKey() : null;
		return startsAsRecord(key);
	}

	private boolean startsAsRecord(@Nullable ByteBuffer key) {
		int length = this.start.remaining();
		return key != null && key.remaining() > length && this.start.mismatch(key.slice(key.position(), length)) < 0;
	}

}
