package io.idempotency.sample.saga;

import java.math.BigDecimal;

import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;

/**
 * What a caller sends to book a trip.
 *
 * @param account that pays
 * @param flight that is wanted
 * @param price of the trip
 */
record TripRequest(@NotBlank @Size(max = 50) String account, @NotBlank @Size(max = 20) String flight,
		@NotNull @Positive @Digits(integer = 9, fraction = 2) BigDecimal price) {

	Trip withId(String id) {
		return new Trip(id, this.account, this.flight, this.price);
	}

}
