package io.idempotency.testsupport;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * JSON values of every shape, the many texts that mean the same value, and values that
 * are like another but for one thing. A value is a map, a list, a string, a
 * {@link BigDecimal}, a boolean or {@link #NULL}.
 */
public final class JsonTexts {

	public static final Object NULL = new Object() {

		@Override
		public String toString() {
			return "null";
		}

	};

	private static final String WHITE = " \t\r\n";

	private final Random random;

	/** Makes values and writes them in a style of its own; the seed decides all of it. */
	public JsonTexts(long seed) {
		this.random = new Random(seed);
	}

	/** A value of a few levels and members. */
	public Object value() {
		return value(4);
	}

	private Object value(int levels) {
		int kind = this.random.nextInt((levels > 0) ? 10 : 6);
		if (kind >= 8) {
			Map<Object, Object> map = new LinkedHashMap<>();
			for (int i = this.random.nextInt(5); i > 0; i--) {
				map.put(string(), value(levels - 1));
			}
			return map;
		}
		if (kind >= 6) {
			List<Object> list = new ArrayList<>();
			for (int i = this.random.nextInt(5); i > 0; i--) {
				list.add(value(levels - 1));
			}
			return list;
		}
		return switch (kind) {
			case 0 -> NULL;
			case 1 -> this.random.nextBoolean();
			case 2, 3 -> string();
			default -> number();
		};
	}

	private String string() {
		StringBuilder text = new StringBuilder();
		for (int i = this.random.nextInt(5); i > 0; i--) {
			text.append((char) (this.random.nextBoolean() ? this.random.nextInt(0x80) : this.random.nextInt(0x10000)));
		}
		return text.toString();
	}

	/** Small ones, 64-bit integers, decimals of twenty digits, and huge exponents. */
	private BigDecimal number() {
		BigDecimal number = switch (this.random.nextInt(5)) {
			case 0 -> BigDecimal.valueOf(this.random.nextInt(40) - 20);
			case 1 -> BigDecimal.valueOf(this.random.nextLong());
			case 2 -> BigDecimal.valueOf(this.random.nextInt(100_000), 2);
			case 3 -> new BigDecimal(new BigInteger(66, this.random), this.random.nextInt(25));
			default ->
				new BigDecimal(this.random.nextInt(100) + "e" + (this.random.nextInt(2_000_000_000) - 1_000_000_000));
		};
		return (number.signum() == 0) ? BigDecimal.ZERO : number.stripTrailingZeros();
	}

	/** One of the texts that mean a value. */
	public String write(Object value) {
		StringBuilder text = new StringBuilder();
		write(value, text);
		return text.toString();
	}

	private void write(Object value, StringBuilder text) {
		white(text);
		if (value instanceof Map<?, ?> map) {
			List<Map.Entry<?, ?>> members = new ArrayList<>(map.entrySet());
			Collections.shuffle(members, this.random);
			String separator = "{";
			for (Map.Entry<?, ?> member : members) {
				white(text.append(separator));
				string((String) member.getKey(), text);
				white(text);
				text.append(':');
				write(member.getValue(), text);
				separator = ",";
			}
			white(text.append(members.isEmpty() ? "{" : ""));
			text.append('}');
		}
		else if (value instanceof List<?> list) {
			String separator = "[";
			for (Object element : list) {
				write(element, text.append(separator));
				separator = ",";
			}
			white(text.append(list.isEmpty() ? "[" : ""));
			text.append(']');
		}
		else if (value instanceof String string) {
			string(string, text);
		}
		else {
			text.append((value instanceof BigDecimal number) ? number(number) : value);
		}
		white(text);
	}

	private void white(StringBuilder text) {
		for (int i = this.random.nextInt(4); i > 2; i--) {
			text.append(WHITE.charAt(this.random.nextInt(WHITE.length())));
		}
	}

	private void string(String value, StringBuilder text) {
		text.append('"');
		for (char c : value.toCharArray()) {
			if (c == '"' || c == '\\') {
				text.append('\\').append(c);
			}
			else if (c == '/' && this.random.nextBoolean()) {
				text.append("\\/");
			}
			else if (c == '\n' && this.random.nextBoolean()) {
				text.append("\\n");
			}
			else if (c < ' ' || Character.isSurrogate(c) || this.random.nextInt(4) == 0) {
				text.append(String.format(this.random.nextBoolean() ? "\\u%04x" : "\\u%04X", (int) c));
			}
			else {
				text.append(c);
			}
		}
		text.append('"');
	}

	private String number(BigDecimal number) {
		if (number.signum() == 0) {
			return List.of("0", "-0", "0.000", "0e7", "0E-3").get(this.random.nextInt(5));
		}
		int zeros = this.random.nextInt(4);
		BigInteger unscaled = number.unscaledValue().multiply(BigInteger.TEN.pow(zeros));
		long exponent = -(long) number.scale() - zeros;
		boolean small = Math.abs((long) number.scale()) < 60;
		return switch (this.random.nextInt(small ? 4 : 2)) {
			case 0 -> unscaled + "e" + exponent;
			case 1 -> unscaled + ((exponent < 0) ? "E-0" : "E+0") + Math.abs(exponent);
			case 2 -> number.toPlainString();
			default -> number.setScale(Math.max(number.scale(), 0) + zeros).toPlainString();
		};
	}

	/** A value that means something else, by one change somewhere. */
	public Object mutate(Object value) {
		if (value instanceof Map<?, ?> map) {
			return mutate(new LinkedHashMap<>(map));
		}
		if (value instanceof List<?> list) {
			return mutate(new ArrayList<>(list));
		}
		if (value instanceof BigDecimal number) {
			BigDecimal step = new BigDecimal(BigInteger.ONE, number.scale());
			return (this.random.nextInt(4) == 0) ? number.toString() : number.add(step).stripTrailingZeros();
		}
		if (value instanceof String text) {
			return List.of(text + "x", text + " ", List.of(text), "\u0000" + text).get(this.random.nextInt(4));
		}
		if (value instanceof Boolean bool) {
			return this.random.nextBoolean() ? !bool : bool.toString();
		}
		return List.of(false, BigDecimal.ZERO, "", "null", List.of(), Map.of()).get(this.random.nextInt(6));
	}

	private Object mutate(LinkedHashMap<Object, Object> map) {
		if (map.isEmpty() || this.random.nextInt(4) == 0) {
			String name = "n";
			while (map.containsKey(name)) {
				name += "n";
			}
			map.put(name, NULL);
			return map;
		}
		Object name = new ArrayList<>(map.keySet()).get(this.random.nextInt(map.size()));
		if (this.random.nextInt(4) == 0) {
			map.remove(name);
		}
		else {
			map.put(name, mutate(map.get(name)));
		}
		return map;
	}

	private Object mutate(ArrayList<Object> list) {
		int kind = this.random.nextInt(4);
		if (list.isEmpty() || kind == 0) {
			list.add(NULL);
			return list;
		}
		int i = this.random.nextInt(list.size());
		if (kind == 1) {
			list.remove(i);
		}
		else if (kind == 2 && i > 0 && !list.get(i).equals(list.get(i - 1))) {
			Collections.swap(list, i, i - 1);
		}
		else {
			list.set(i, mutate(list.get(i)));
		}
		return list;
	}

}
