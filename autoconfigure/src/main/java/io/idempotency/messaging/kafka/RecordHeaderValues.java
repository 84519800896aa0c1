package io.idempotency.messaging.kafka;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.idempotency.messaging.HeaderValues;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** Headers of a record: bytes, and a name may be there many times. */
record RecordHeaderValues(Headers headers) implements HeaderValues {

	@Override
	public List<Object> all(String name) {
		List<Object> values = new ArrayList<>();
		for (Header header : this.headers.headers(name)) {
			// without a value it is there all the same, and says nothing
			values.add((header.value() != null) ? header.value() : new byte[0]);
		}
		return values;
	}

	@Override
	public Map<String, Object> asMap() {
		Map<String, Object> last = new LinkedHashMap<>();
		for (Header header : this.headers) {
			last.put(header.key(), (header.value() != null) ? new String(header.value(), StandardCharsets.UTF_8) : "");
		}
		return last;
	}

}
