package io.idempotency;

import java.security.GeneralSecurityException;

/**
 * Encrypts what is stored, with authentication. An application that has a bean of this
 * type has encrypted records, in every store. There is one for keysets of Tink in
 * {@code io.idempotency.tink}; an application may declare its own, over a key management
 * service say.
 *
 * <h2>Associated data</h2> It says which record of which request the bytes belong to. It
 * is not secret and not stored: what is decrypted with other associated data than it was
 * encrypted with has to fail, or whoever can write to the store can have one caller
 * answered with another's record.
 *
 * <h2>Rotation</h2> What is encrypted today is decrypted until its retention is over,
 * {@code idempotency.ttl} or longer. So a cipher encrypts with one key and decrypts with
 * every key that was used for that long, and says in what it returns which one that was.
 * An instance that is not restarted yet meets records of those that are: give every
 * instance the new key before the first one encrypts with it.
 *
 * <h2>Errors</h2> A call whose record cannot be decrypted does not run and is answered
 * with a 503, whatever {@code idempotency.on-store-failure} says. A call whose result
 * cannot be encrypted took effect: its caller gets its answer, and the result is tried
 * again later as if the store had failed. Unchecked exceptions count as errors too.
 *
 * <h2>Threads</h2> Called by many threads at once, in the middle of a call: once for each
 * result and once for each replay. Nothing bounds its time, so what has to ask a remote
 * service should do so rarely and keep the answer.
 */
public interface PayloadCipher {

	/**
	 * Encrypts.
	 * @param plaintext not to be changed
	 * @param associatedData not to be changed
	 * @return the ciphertext, with all that is needed to decrypt it but the key and the
	 * associated data
	 * @throws GeneralSecurityException if it cannot be encrypted now
	 */
	byte[] encrypt(byte[] plaintext, byte[] associatedData) throws GeneralSecurityException;

	/**
	 * Decrypts what one of the application's instances encrypted.
	 * @param ciphertext not to be changed
	 * @param associatedData not to be changed
	 * @return the plaintext
	 * @throws GeneralSecurityException if the ciphertext, or the associated data, is not
	 * what it was; or if the key is not at hand
	 */
	byte[] decrypt(byte[] ciphertext, byte[] associatedData) throws GeneralSecurityException;

}
