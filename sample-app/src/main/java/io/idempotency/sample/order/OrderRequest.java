package io.idempotency.sample.order;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;
import jakarta.validation.constraints.Size;

/**
 * What a caller sends to order.
 *
 * @param sku what
 * @param quantity how many of it
 */
record OrderRequest(@NotBlank @Size(max = 50) String sku, @Positive @Max(1_000_000) int quantity) {
}
