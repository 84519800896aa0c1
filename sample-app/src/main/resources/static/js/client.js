import { referenceOf } from './keys.js';

/**
 * Pays once over HTTP.
 * @param side an endpoint
 * @param payment its key, owner and amount
 * @param options delay and fail, for the server; giveUpAfter, in milliseconds
 * @returns status and outcome; with retryAfter, in seconds, if the server said so. Never rejects.
 */
export async function pay(side, payment, { delay, fail, giveUpAfter } = {}) {
  const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': payment.key };
  if (delay) {
    headers['X-Demo-Delay'] = delay;
  }
  if (fail) {
    headers['X-Demo-Fail'] = fail;
  }
  const body = JSON.stringify({
    account: side.account(payment.owner), amount: payment.amount, currency: 'EUR', reference: referenceOf(payment.key),
  });
  const signal = giveUpAfter ? AbortSignal.timeout(giveUpAfter) : undefined;
  try {
    const response = await fetch(side.path, { method: 'POST', headers, body, signal });
    const outcome = outcomeOf(response, await response.text());
    return { status: response.status, outcome, retryAfter: Number(response.headers.get('Retry-After')) };
  }
  catch (error) {
    return { outcome: (error.name === 'TimeoutError') ? 'gave up' : 'unreachable' };
  }
}

/** The header tells a replay from a first answer; the type of a problem tells one refusal from another. */
function outcomeOf(response, body) {
  if (response.headers.get('Idempotent-Replayed') === 'true') {
    return 'replayed';
  }
  if (response.ok) {
    return 'executed';
  }
  return { 'in-progress': 'in progress', 'payload-mismatch': 'mismatch' }[problemOf(body)]
    ?? (response.status === 409 ? 'conflict' : response.status < 500 ? 'refused' : 'failed');
}

function problemOf(body) {
  try {
    return JSON.parse(body).type?.split(/[:#]/).pop();
  }
  catch {
    return undefined;
  }
}
