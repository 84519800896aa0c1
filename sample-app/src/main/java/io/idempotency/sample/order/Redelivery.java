package io.idempotency.sample.order;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.modulith.events.EventPublication;
import org.springframework.modulith.events.EventPublication.Status;
import org.springframework.modulith.events.FailedEventPublications;
import org.springframework.modulith.events.ResubmissionOptions;
import org.springframework.modulith.events.core.EventPublicationRegistry;
import org.springframework.modulith.events.core.TargetEventPublication;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Delivers events again that have failed, until they have failed too often: those wait
 * for somebody who looks at them.
 */
@Component
class Redelivery {

	private final FailedEventPublications failed;

	private final EventPublicationRegistry registry;

	private final int maxAttempts;

	Redelivery(FailedEventPublications failed, EventPublicationRegistry registry,
			@Value("${orders.max-attempts:5}") int maxAttempts) {
		this.failed = failed;
		this.registry = registry;
		this.maxAttempts = maxAttempts;
	}

	@Scheduled(fixedDelayString = "${orders.redelivery:1s}")
	void redeliver() {
		redeliver((publication) -> publication.getCompletionAttempts() < this.maxAttempts);
	}

	/** Delivers one event once more, however often it has failed. */
	boolean redeliver(UUID id) {
		boolean known = deadLetters().stream().anyMatch((letter) -> letter.id().equals(id));
		redeliver((publication) -> publication.getIdentifier().equals(id));
		return known;
	}

	private void redeliver(Predicate<EventPublication> filter) {
		this.failed.resubmit(ResubmissionOptions.defaults().withMinAge(Duration.ZERO).withFilter(filter));
	}

	List<DeadLetter> deadLetters() {
		return this.registry.findIncompletePublications()
			.stream()
			.filter((publication) -> publication.getStatus() == Status.FAILED
					&& publication.getCompletionAttempts() >= this.maxAttempts)
			.map(Redelivery::letter)
			.toList();
	}

	private static DeadLetter letter(TargetEventPublication publication) {
		return new DeadLetter(publication.getIdentifier(), publication.getTargetIdentifier().getValue(),
				publication.getEvent(), publication.getCompletionAttempts(), publication.getPublicationDate());
	}

}
