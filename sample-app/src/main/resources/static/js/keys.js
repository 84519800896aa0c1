/** A key nobody else has. (crypto.randomUUID is there over HTTPS and on localhost only.) */
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Keys are long; people compare their first characters. */
export const shortForm = (key) => key.slice(0, 8);

/** What the ledger calls a payment of this page, so that its charges can be counted by key. */
export const referenceOf = (key) => `page ${shortForm(key)}`;

export const isOfPage = (reference) => /^page [0-9a-f]{8}$/.test(reference);
