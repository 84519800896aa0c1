package io.idempotency.sample.testsupport;

import java.time.Duration;
import java.util.List;

import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

import static org.awaitility.Awaitility.await;

/** The page at {@code /}, as far as a user sees it. */
public final class PaymentPage {

	private final Browser browser;

	private PaymentPage(Browser browser) {
		this.browser = browser;
	}

	/** Opens the page and waits until it has asked the server for everything. */
	public static PaymentPage open(Browser browser, int port) {
		browser.driver().get("http://localhost:" + port + "/");
		PaymentPage page = new PaymentPage(browser);
		await().atMost(Duration.ofSeconds(30)).until(() -> !page.find("#conflicts").get(0).getText().equals("…"));
		return page;
	}

	/** Presses a button and waits until both sides have answered. */
	public PaymentPage press(String button) {
		element("//form//button[normalize-space(b)='" + button + "' or normalize-space()='" + button + "']").click();
		return awaitAnswers();
	}

	public PaymentPage awaitAnswers() {
		await().atMost(Duration.ofSeconds(60)).until(() -> find("button[aria-disabled=true]").isEmpty());
		return this;
	}

	/** How the attempts of the newest action ended, and with which status. */
	public List<String> attempts(String side) {
		return find("#actions-sent > li:first-child .lane[data-side=" + side + "] .attempt").stream()
			.map((attempt) -> (attempt.findElement(By.className("outcome")).getText() + " "
					+ attempt.findElement(By.className("status")).getText())
				.strip())
			.toList();
	}

	/** How often the account of a side was charged, as the newest action says. */
	public String verdict(String side) {
		return find("#actions-sent > li:first-child .lane[data-side=" + side + "] .verdict").get(0).getText();
	}

	/** As in "2 charges for 1 keys". */
	public String charges(String side) {
		return text(side, ".verdict");
	}

	/** The rows of a ledger, read at once as the page may replace them at any time. */
	@SuppressWarnings("unchecked")
	public List<String> entries(String side) {
		return (List<String>) this.browser.driver()
			.executeScript("return Array.from(document.querySelectorAll(arguments[0]), (row) => row.innerText)",
					".ledger[data-side=" + side + "] tbody tr");
	}

	public String text(String side, String selector) {
		return find(".ledger[data-side=" + side + "] " + selector).get(0).getText();
	}

	public int counter(String id) {
		return Integer.parseInt(find("#" + id).get(0).getText());
	}

	/** What is read out to those who do not see the page. */
	public String news() {
		return find("[aria-live=polite]").get(0).getText();
	}

	public String key() {
		return find("#key").get(0).getText();
	}

	public List<WebElement> find(String selector) {
		return this.browser.driver().findElements(By.cssSelector(selector));
	}

	public WebElement element(String xpath) {
		return this.browser.driver().findElement(By.xpath(xpath));
	}

	public WebElement focused() {
		return this.browser.driver().switchTo().activeElement();
	}

	/** How much wider the page is than its window, in pixels. */
	public long overflow() {
		return (Long) this.browser.driver()
			.executeScript("return document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth");
	}

}
