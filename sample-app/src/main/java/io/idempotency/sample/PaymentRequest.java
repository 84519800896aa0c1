package io.idempotency.sample;

import java.math.BigDecimal;

import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;

/**
 * What a caller sends to pay.
 *
 * @param account whom to charge
 * @param amount how much
 * @param currency three letters
 * @param reference what the caller calls this payment; need not be unique
 */
record PaymentRequest(@NotBlank String account,
		@NotNull @Positive @Digits(integer = 13, fraction = 2) BigDecimal amount,
		@NotNull @Pattern(regexp = "[A-Z]{3}") String currency, @NotBlank @Size(max = 100) String reference) {
}
