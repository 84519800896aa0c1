package io.idempotency.messaging;

import java.util.List;
import java.util.Map;

/** The headers of one message, as its technology has them. */
public interface HeaderValues {

	/** All values of a header, bytes or text; empty if it is not there. */
	List<Object> all(String name);

	/** One value for each name, text where it is text: what expressions see. */
	Map<String, Object> asMap();

	/** Of headers that have one value each. */
	static HeaderValues of(Map<String, Object> headers) {
		return new HeaderValues() {

			@Override
			public List<Object> all(String name) {
				Object value = headers.get(name);
				return (value != null) ? List.of(value) : List.of();
			}

			@Override
			public Map<String, Object> asMap() {
				return headers;
			}

		};
	}

}
