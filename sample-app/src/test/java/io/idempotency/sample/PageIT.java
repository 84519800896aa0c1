package io.idempotency.sample;

import java.util.List;

import io.idempotency.sample.testsupport.Accessibility;
import io.idempotency.sample.testsupport.Browser;
import io.idempotency.sample.testsupport.PaymentClient;
import io.idempotency.sample.testsupport.PaymentPage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/** The page in a real browser, over the application with all its defaults. */
@Tag("browser")
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT)
class PageIT {

	private static final String PROTECTED = "protected";

	private static final String UNPROTECTED = "unprotected";

	/** The browser writes down every answer above 399, and these were asked for. */
	private static final String ASKED_FOR = ".*/payments - Failed to load resource: .* status of (409|422|500) .*";

	private static Browser browser;

	@Autowired
	private JdbcClient jdbc;

	@LocalServerPort
	private int port;

	private PaymentPage page;

	@BeforeAll
	static void start() {
		browser = Browser.started();
	}

	@AfterAll
	static void stop() {
		browser.close();
	}

	@BeforeEach
	void open() {
		browser.width(1400);
		browser.prefers("light", "no-preference");
		this.page = PaymentPage.open(browser, this.port);
	}

	@AfterEach
	void consoleIsClean() {
		assertThat(browser.console()).filteredOn((line) -> !line.matches(ASKED_FOR)).isEmpty();
	}

	@Test
	void payingTwiceWithOneKeyChargesOnceWhereItIsProtected() {
		int duplicates = this.page.counter("duplicates");
		this.page.press("Pay");
		assertThat(this.page.attempts(PROTECTED)).containsExactly("executed 201");
		assertThat(this.page.attempts(UNPROTECTED)).containsExactly("executed 201");
		assertCharges(1, 1);
		this.page.press("Pay");
		assertThat(this.page.attempts(PROTECTED)).containsExactly("replayed 201");
		assertThat(this.page.attempts(UNPROTECTED)).containsExactly("executed 201");
		assertCharges(1, 2);
		assertThat(this.page.charges(PROTECTED)).isEqualTo("1 charge for 1 key");
		assertThat(this.page.charges(UNPROTECTED)).isEqualTo("2 charges for 1 key");
		assertThat(this.page.entries(UNPROTECTED).get(0)).contains("again", "\u221225.00");
		await().until(() -> this.page.counter("duplicates") == duplicates + 1);
		assertThat(this.page.news())
			.isEqualTo("Pay. With protection: replayed, charged once. Without protection: executed, charged twice.");
	}

	@Test
	void newKeyIsAnotherPayment() {
		this.page.press("Pay");
		String first = this.page.key();
		this.page.press("New key").press("Pay");
		assertThat(this.page.key()).isNotEqualTo(first);
		assertThat(this.page.attempts(PROTECTED)).containsExactly("executed 201");
		assertCharges(1, 1);
		assertThat(this.page.charges(PROTECTED)).isEqualTo("2 charges for 2 keys");
	}

	@Test
	void secondClickIsToldThatTheFirstIsRunning() {
		int conflicts = this.page.counter("conflicts");
		this.page.press("Double-click");
		assertThat(this.page.attempts(PROTECTED)).containsExactlyInAnyOrder("executed 201", "in progress 409");
		assertThat(this.page.attempts(UNPROTECTED)).containsExactly("executed 201", "executed 201");
		assertCharges(1, 2);
		await().until(() -> this.page.counter("conflicts") == conflicts + 1);
		this.page.press("Pay");
		assertThat(this.page.attempts(PROTECTED)).containsExactly("replayed 201");
	}

	@Test
	void clientThatGaveUpGetsItsAnswerLater() {
		this.page.press("Time out and retry");
		List<String> attempts = this.page.attempts(PROTECTED);
		assertThat(attempts).startsWith("gave up", "in progress 409").endsWith("replayed 201");
		assertThat(this.page.attempts(UNPROTECTED)).containsExactly("gave up", "executed 201");
		await().untilAsserted(() -> assertCharges(1, 2));
	}

	@Test
	void anotherAmountWithTheSameKeyIsAMismatch() {
		this.page.press("Change the amount");
		assertThat(this.page.attempts(PROTECTED)).containsExactly("executed 201", "mismatch 422");
		assertThat(this.page.attempts(UNPROTECTED)).containsExactly("executed 201", "executed 201");
		assertCharges(1, 2);
		this.page.press("Change the amount");
		assertThat(this.page.attempts(PROTECTED)).containsExactly("mismatch 422");
	}

	@Test
	void failureBeforeTheChargeFreesTheKey() {
		this.page.press("Fail before the charge");
		assertThat(this.page.attempts(PROTECTED)).containsExactly("failed 500", "executed 201");
		assertThat(this.page.attempts(UNPROTECTED)).containsExactly("failed 500", "executed 201");
		assertCharges(1, 1);
	}

	@Test
	void failureAfterTheChargeIsAdmitted() {
		this.page.press("Fail after the charge");
		assertThat(this.page.attempts(PROTECTED)).containsExactly("failed 500", "executed 201");
		assertCharges(2, 2);
		assertThat(this.page.find(".note").get(0).getText()).contains("the retry charges again, protected or not");
	}

	@Test
	void entriesOfOthersAreShownAndTheOldestAreCounted() {
		PaymentClient others = new PaymentClient(this.port);
		for (int i = 1; i <= 25; i++) {
			others.pay("others-" + i);
		}
		await().until(() -> this.page.entries(PROTECTED).get(0).contains("others-25"));
		assertThat(this.page.entries(PROTECTED)).hasSize(20);
		assertThat(this.page.text(PROTECTED, ".more")).matches("and \\d+ before");
		assertThat(this.page.charges(PROTECTED)).isEqualTo("0 charges for 0 keys");
	}

	@Test
	void theOtherAccountHasItsOwnLedger() {
		this.page.find("#owner option[value=bob]").get(0).click();
		await().until(() -> this.page.text(PROTECTED, ".account").equals("bob"));
		await().until(() -> this.page.text(UNPROTECTED, ".account").equals("bob-unprotected"));
		assertThat(this.page.text(UNPROTECTED, ".more")).isEqualTo("No entries yet.");
	}

	@Test
	void nothingIsSentWithoutAnAmount() {
		this.page.find("#amount").get(0).clear();
		this.page.press("Pay").press("Double-click");
		assertThat(this.page.find(".action")).isEmpty();
	}

	@Test
	void keyboardIsEnough() {
		List<String> stops = List.of("owner", "amount", "new-key", "Pay", "Double-click", "Time out and retry",
				"Change the amount", "Fail before the charge", "Fail after the charge");
		for (String stop : stops) {
			type(Keys.TAB);
			WebElement focused = this.page.focused();
			assertThat(List.of(focused.getDomProperty("id"), focused.getText().lines().findFirst().orElse("")))
				.contains(stop);
			assertThat(focused.getCssValue("outline-style")).isEqualTo("solid");
			if (stop.equals("amount")) {
				type(Keys.ENTER);
				this.page.awaitAnswers();
				assertThat(this.page.attempts(PROTECTED)).containsExactly("executed 201");
			}
			if (stop.equals("Pay")) {
				type(Keys.SPACE);
				this.page.awaitAnswers();
				assertThat(this.page.attempts(PROTECTED)).containsExactly("replayed 201");
			}
			if (stop.equals("Change the amount")) {
				type(Keys.ENTER);
				this.page.awaitAnswers();
				assertThat(this.page.attempts(PROTECTED)).containsExactly("mismatch 422");
			}
		}
		assertThat(this.page.find(".action")).hasSize(3);
	}

	@Test
	void nothingMovesForThoseWhoDoNotWantIt() {
		browser.prefers("light", "reduce");
		this.page.press("Pay");
		assertThat(browser.driver().executeScript("return document.getAnimations().length")).isEqualTo(0L);
	}

	@Test
	void silenceOfTheApplicationIsSaid() {
		browser.offline(true);
		try {
			this.page.press("Pay");
			assertThat(this.page.attempts(PROTECTED)).containsExactly("unreachable");
			assertThat(this.page.find("[role=alert]").get(0).isDisplayed()).isTrue();
		}
		finally {
			browser.offline(false);
		}
		this.page.press("Pay");
		assertThat(this.page.find("[role=alert]").get(0).isDisplayed()).isFalse();
		assertThat(browser.console()).allMatch((line) -> line.contains("ERR_INTERNET_DISCONNECTED"));
	}

	@ParameterizedTest
	@CsvSource({ "360,light", "360,dark", "768,light", "1400,light", "1400,dark" })
	void fitsEveryScreen(int width, String colorScheme) {
		browser.width(width);
		browser.prefers(colorScheme, "reduce");
		assertThat(Accessibility.violations(browser)).isEmpty();
		browser.screenshot("page-" + width + "-" + colorScheme + "-unused");
		for (String button : List.of("Pay", "Pay", "Change the amount", "Double-click", "Fail after the charge",
				"Time out and retry")) {
			this.page.press(button);
		}
		browser.screenshot("page-" + width + "-" + colorScheme);
		assertThat(this.page.overflow()).isZero();
		assertThat(Accessibility.violations(browser)).isEmpty();
		assertThat(this.page.find("body").get(0).getCssValue("background-color"))
			.startsWith(colorScheme.equals("light") ? "rgba(245," : "rgba(17,");
	}

	private void assertCharges(int ofProtected, int ofUnprotected) {
		List<String> words = List.of("not charged", "charged once", "charged twice");
		assertThat(this.page.verdict(PROTECTED)).isEqualTo(words.get(ofProtected));
		assertThat(this.page.verdict(UNPROTECTED)).isEqualTo(words.get(ofUnprotected));
		assertThat(executions("alice")).isEqualTo(ofProtected);
		assertThat(executions("alice-unprotected")).isEqualTo(ofUnprotected);
	}

	/** What the database says of the key that the page shows. */
	private int executions(String account) {
		return this.jdbc
			.sql("select count(*) from ledger join payment on payment.id = ledger.payment"
					+ " where ledger.account = ? and payment.reference = ?")
			.params(account, "page " + this.page.key())
			.query(Integer.class)
			.single();
	}

	private static void type(Keys key) {
		new Actions(browser.driver()).sendKeys(key).perform();
	}

}
