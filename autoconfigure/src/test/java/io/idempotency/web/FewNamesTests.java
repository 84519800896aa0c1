package io.idempotency.web;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Rule 8 for hostile texts: the table of names of a parser stays small. */
class FewNamesTests {

	private final FewNames names = new FewNames();

	@Test
	void nameThatIsKnownIsNotOneMore() {
		for (int i = 0; i < 1000; i++) {
			assertThat(this.names.add("amount")).isTrue();
		}
		assertThat(this.names.add("currency")).isTrue();
	}

	@Test
	void manyNamesAreTooMany() {
		for (int i = 0; i < 256; i++) {
			assertThat(this.names.add("name-" + i)).isTrue();
		}
		assertThat(this.names.add("one more")).isFalse();
	}

	@Test
	void namesOfOneHashCodeAreToldApart() {
		assertThat("Aa").hasSameHashCodeAs("BB");
		for (int i = 0; i < 1000; i++) {
			assertThat(this.names.add("Aa")).isTrue();
			assertThat(this.names.add("BB")).isTrue();
		}
	}

}
