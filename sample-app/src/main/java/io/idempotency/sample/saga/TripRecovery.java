package io.idempotency.sample.saga;

import java.time.Duration;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/** Goes on with trips that nobody has brought to their end. */
@Component
class TripRecovery {

	private static final Log logger = LogFactory.getLog(TripRecovery.class);

	private final TripSaga saga;

	private final TripRepository trips;

	private final Duration age;

	TripRecovery(TripSaga saga, TripRepository trips, @Value("${trips.recovery.age:10s}") Duration age) {
		this.saga = saga;
		this.trips = trips;
		this.age = age;
	}

	@Scheduled(fixedDelayString = "${trips.recovery.delay:1s}")
	void recover() {
		for (String trip : this.trips.unfinished(this.age)) {
			try {
				this.saga.run(trip);
			}
			catch (RuntimeException ex) {
				// somebody is at it, or it has to wait: the next round comes
				logger.debug("Trip " + trip + " could not be brought to its end", ex);
			}
		}
	}

}
