package io.idempotency.store.jdbc;

/** How records are kept. */
enum CrashMode {

	/** In the transaction of the handler. */
	JDBC_TRANSACTIONAL("jdbc-transactional", CrashStores.Transactions.class),

	/** With leases, in a table. */
	JDBC("jdbc", CrashStores.TableLeases.class),

	/** With leases, in Redis. */
	REDIS("redis", CrashStores.RedisLeases.class);

	private final String store;

	private final Class<?> configuration;

	CrashMode(String store, Class<?> configuration) {
		this.store = store;
		this.configuration = configuration;
	}

	/** The name of the store. */
	String store() {
		return this.store;
	}

	Class<?> configuration() {
		return this.configuration;
	}

	/** How many payments there are after a kill. */
	int paymentsAfterKill(CrashPoint point) {
		boolean committed = (this == JDBC_TRANSACTIONAL) ? point == CrashPoint.COMPLETED : point.isAfterHandler();
		return committed ? 1 : 0;
	}

	/** Whether the payment is there and the result is not: the retry may pay again. */
	boolean mayPayTwice(CrashPoint point) {
		return point != CrashPoint.COMPLETED && paymentsAfterKill(point) == 1;
	}

}
