package io.idempotency.store.jdbc;

import java.util.UUID;

/** H2 in the memory of this process. */
final class H2Database extends TestDatabase {

	private final String url;

	H2Database() {
		this("");
	}

	/**
	 * @param settings as at the end of a URL, each with a semicolon before it
	 */
	H2Database(String settings) {
		super("h2");
		this.url = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1" + settings;
	}

	@Override
	String url() {
		return this.url;
	}

	@Override
	String user() {
		return "sa";
	}

	@Override
	String password() {
		return "";
	}

}
