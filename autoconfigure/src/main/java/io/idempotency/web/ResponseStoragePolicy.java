package io.idempotency.web;

/**
 * Decides which responses are final, where their status does not say enough. An
 * application may declare one bean of it. It is asked once for each response that a
 * handler made under a claim, when the response is whole, on the thread that made it.
 * <p>
 * What is final is stored and given to every duplicate. What is not frees the key, so the
 * next call with it runs the method again: say so only where the method had no effect.
 * <p>
 * It is not asked where there is no choice: when a method returned and its value could
 * not be rendered the key stays taken, and when an exception reached the container there
 * is no response to store. A policy that throws is logged, and the status decides.
 */
@FunctionalInterface
public interface ResponseStoragePolicy {

	/**
	 * Whether a response is stored and replayed.
	 * @param response what the client is about to get, and what the status says of it
	 */
	boolean isStored(FinishedResponse response);

}
