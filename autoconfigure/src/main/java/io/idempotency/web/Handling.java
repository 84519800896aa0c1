package io.idempotency.web;

import java.util.concurrent.locks.ReentrantLock;

/**
 * What an exchange needs once an idempotent handler is called, which most requests of an
 * application never do.
 *
 * @param ending guards the end of the exchange
 * @param verdict what will be said of the response
 * @param fate what became of the handler
 * @param cycle of the dispatches, of which one lasts
 * @param outcome of what the handler promised
 */
record Handling(ReentrantLock ending, StorageVerdict verdict, HandlerFate fate, AsyncCycle cycle,
		AsyncOutcome outcome) {

	static Handling of(Exchange exchange, StorageVerdict verdict) {
		return new Handling(new ReentrantLock(), verdict, new HandlerFate(verdict), new AsyncCycle(exchange.response()),
				new AsyncOutcome(exchange));
	}

}
