package io.idempotency.store.redis;

import java.util.Arrays;

import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStoreException;
import io.lettuce.core.GetExArgs;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.SetArgs;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/** How one claim is made: in one step by Redis 7, in two by an older server. */
final class RedisClaiming {

	private static final Log logger = LogFactory.getLog(RedisClaiming.class);

	private final Claim claim;

	private final byte[] key;

	private final byte[] value;

	private final long life;

	RedisClaiming(Claim claim, byte[] key) {
		this.claim = claim;
		this.key = key;
		this.value = RedisEnvelope.pending(claim, System.currentTimeMillis());
		this.life = life(claim);
	}

	/** How many milliseconds the server keeps a pending value. */
	static long life(Claim claim) {
		return claim.lease().toMillis() + claim.hold().toMillis();
	}

	ClaimOutcome make(RedisCall call) {
		while (true) {
			byte[] found = call.redis().isClaimingInOneStep() ? inOneStep(call) : inTwoSteps(call);
			ClaimOutcome outcome = (found != null) ? RedisEnvelope.read(found, this.claim.owner())
					: ClaimOutcome.Acquired.INSTANCE;
			if (found == null || !(outcome instanceof ClaimOutcome.Pending pending) || !RedisEnvelope.isHeld(found)) {
				return outcome;
			}
			long lapsed = call.run(RedisScript.LAPSED, Arrays.copyOf(found, RedisEnvelope.OWNERSHIP_LENGTH),
					RedisScript.ascii(RedisEnvelope.hold(found)));
			if (lapsed != 2) {
				return (lapsed == 1) ? new ClaimOutcome.Unknown(pending.fingerprint()) : pending;
			}
			// its owner settled it between the two steps: look again
		}
	}

	private byte @Nullable [] inOneStep(RedisCall call) {
		RedisClusterAsyncCommands<byte[], byte[]> commands = call.commands();
		try {
			return call.await(commands.setGet(this.key, this.value, SetArgs.Builder.nx().px(this.life)));
		}
		catch (RedisCommandExecutionException ex) {
			RedisRefusal refusal = RedisRefusal.of(ex);
			if (refusal == RedisRefusal.OOM) {
				return readOnly(call, ex);
			}
			if (refusal != RedisRefusal.SYNTAX) {
				throw ex;
			}
			logger.info("This Redis is older than 7.0: claims take two steps where they find a record");
			call.redis().claimInTwoSteps();
			return inTwoSteps(call);
		}
	}

	private byte @Nullable [] inTwoSteps(RedisCall call) {
		RedisClusterAsyncCommands<byte[], byte[]> commands = call.commands();
		while (true) {
			try {
				if (call.await(commands.set(this.key, this.value, SetArgs.Builder.nx().px(this.life))) != null) {
					return null;
				}
			}
			catch (RedisCommandExecutionException ex) {
				if (RedisRefusal.of(ex) != RedisRefusal.OOM) {
					throw ex;
				}
				return readOnly(call, ex);
			}
			byte[] found = lookAt(call);
			if (found != null) {
				return found;
			}
			// the record ended between the two steps: nobody has it, so claim again
		}
	}

	/** There was a record a moment ago; it may be this call's own. */
	private byte @Nullable [] lookAt(RedisCall call) {
		try {
			return call.await(call.commands().getex(this.key, new GetExArgs()));
		}
		catch (IdempotencyStoreException ex) {
			throw IdempotencyStoreException.undecided("There is a record, and Redis did not show it", ex);
		}
	}

	/** A full server takes no claim, but what is completed can be replayed. */
	private byte[] readOnly(RedisCall call, RedisCommandExecutionException full) {
		byte[] found = call.await(call.commands().getex(this.key, new GetExArgs()));
		if (found == null) {
			throw full;
		}
		return found;
	}

}
