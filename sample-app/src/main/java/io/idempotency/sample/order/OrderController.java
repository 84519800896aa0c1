package io.idempotency.sample.order;

import java.net.URI;
import java.util.List;
import java.util.UUID;

import io.idempotency.Idempotent;
import jakarta.validation.Valid;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Orders and what becomes of them. */
@RestController
class OrderController {

	private final OrderService service;

	private final OrderRepository orders;

	private final Inventory inventory;

	private final Redelivery redelivery;

	OrderController(OrderService service, OrderRepository orders, Inventory inventory, Redelivery redelivery) {
		this.service = service;
		this.orders = orders;
		this.inventory = inventory;
		this.redelivery = redelivery;
	}

	/** The order, its event and the answer to a retry are one transaction. */
	@PostMapping("/orders")
	@ResponseStatus(HttpStatus.CREATED)
	@Idempotent(store = "jdbc-transactional")
	ResponseEntity<Order> place(@Valid @RequestBody OrderRequest request) {
		Order order = this.service.place(request);
		return ResponseEntity.created(URI.create("/orders/" + order.id())).body(order);
	}

	@PostMapping("/orders/{id}/cancellation")
	@ResponseStatus(HttpStatus.ACCEPTED)
	@Idempotent(store = "jdbc-transactional")
	void cancel(@PathVariable long id) {
		this.service.cancel(order(id).id());
	}

	@GetMapping("/orders")
	List<Order> orders() {
		return this.orders.orders();
	}

	@GetMapping("/orders/{id}")
	Order order(@PathVariable long id) {
		return this.orders.order(id)
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no order " + id + "."));
	}

	@GetMapping("/notifications")
	List<Notification> notifications() {
		return this.orders.notifications();
	}

	@GetMapping("/stock")
	List<Inventory.Stock> stock() {
		return this.inventory.stock();
	}

	/** Needs no key: it says what is to be, so it may be said twice. */
	@PutMapping("/stock/{sku}")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void stock(@PathVariable String sku, @RequestBody int quantity) {
		this.inventory.set(sku, quantity);
	}

	@GetMapping("/dead-letters")
	List<DeadLetter> deadLetters() {
		return this.redelivery.deadLetters();
	}

	@PostMapping("/dead-letters/{id}/redelivery")
	@ResponseStatus(HttpStatus.ACCEPTED)
	void redeliver(@PathVariable UUID id) {
		if (!this.redelivery.redeliver(id)) {
			throw new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no dead letter " + id + ".");
		}
	}

}
