package io.idempotency.engine;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.idempotency.store.Claim;
import io.idempotency.store.ClaimOutcome;
import io.idempotency.store.IdempotencyStore;
import io.idempotency.store.RecordKey;
import io.idempotency.store.RecordWatcher;
import org.jspecify.annotations.Nullable;

/** Where callers of this process wait for running calls, one room for each record. */
final class WaitingRooms {

	private final Map<Place, WaitingRoom> rooms = new ConcurrentHashMap<>();

	/** A record of a store. */
	private record Place(IdempotencyStore store, RecordKey key) {
	}

	/**
	 * Waits while a record is pending.
	 * @param watcher of the store, if it can tell when a record changes
	 * @param ask claims
	 * @param endsAt when the time is over, by {@link System#nanoTime()}
	 * @return what there is instead, or {@code null} if nothing so far
	 */
	@Nullable ClaimOutcome await(IdempotencyStore store, @Nullable RecordWatcher watcher, Claim claim, Supplier<ClaimOutcome> ask,
			long endsAt) {
		Place place = new Place(store, claim.key());
		WaitingRoom room = enter(place, watcher);
		try {
			return room.await(claim, ask, endsAt);
		}
		finally {
			if (room.leave()) {
				this.rooms.remove(place, room);
			}
		}
	}

	private WaitingRoom enter(Place place, @Nullable RecordWatcher watcher) {
		while (true) {
			WaitingRoom room = this.rooms.computeIfAbsent(place, (unknown) -> new WaitingRoom(watcher));
			if (room.enter()) {
				return room;
			}
			this.rooms.remove(place, room);
		}
	}

	/** A record was settled by this process. */
	void settled(IdempotencyStore store, RecordKey key) {
		if (!this.rooms.isEmpty()) {
			WaitingRoom room = this.rooms.get(new Place(store, key));
			if (room != null) {
				room.nudge();
			}
		}
	}

}
