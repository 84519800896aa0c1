package io.idempotency;

/**
 * Two positions of one stream were to be handled at the same time. One of them would
 * overtake the other, which would then stand below the mark and be skipped without having
 * been done. The method did not run, and whoever reads the stream has to be changed:
 * {@link IdempotentStream} needs its positions one after the other.
 */
public final class StreamOrderException extends IllegalStateException {

	private static final long serialVersionUID = 1L;

	private final String operation;

	/**
	 * @param operation the name of the operation
	 * @param position that was refused
	 * @param running the position that is being handled
	 */
	public StreamOrderException(String operation, long position, long running) {
		super("Position " + position + " of a stream of " + operation + " came while position " + running
				+ " was being handled. Positions of one stream have to be handled one after the other, or what was"
				+ " overtaken is skipped: let one thread handle a stream, or let 'stream' tell more streams apart");
		this.operation = operation;
	}

	/** The name of the operation that was called. */
	public String getOperation() {
		return this.operation;
	}

}
