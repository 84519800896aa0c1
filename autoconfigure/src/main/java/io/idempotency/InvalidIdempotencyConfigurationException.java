package io.idempotency;

import org.jspecify.annotations.Nullable;

/**
 * Something about an annotation or a property cannot work. Thrown while the application
 * starts, and shown with description and action.
 */
public final class InvalidIdempotencyConfigurationException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String description;

	private final String action;

	/**
	 * @param description what is wrong, and where
	 * @param action what to do about it
	 */
	public InvalidIdempotencyConfigurationException(String description, String action) {
		this(description, action, null);
	}

	/**
	 * @param description what is wrong, and where
	 * @param action what to do about it
	 * @param cause where the fault was noticed
	 */
	public InvalidIdempotencyConfigurationException(String description, String action, @Nullable Throwable cause) {
		super(description + " " + action, cause);
		this.description = description;
		this.action = action;
	}

	/** What is wrong, and where. */
	public String getDescription() {
		return this.description;
	}

	/** What to do about it. */
	public String getAction() {
		return this.action;
	}

}
