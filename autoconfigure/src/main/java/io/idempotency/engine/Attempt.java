package io.idempotency.engine;

/** What a door does with a call: replay an earlier result, or run the method. */
public sealed interface Attempt permits Replay, Execution {

}
