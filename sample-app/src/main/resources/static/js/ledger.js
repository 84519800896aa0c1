import { SIDES } from './sides.js';
import { isOfPage, referenceOf } from './keys.js';

const SHOWN = 20;

/** What each side shows now; entries may become visible in another order than that of their numbers. */
const shown = new Map();

const format = new Intl.NumberFormat('en-GB', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const euros = (amount) => format.format(amount).replace('-', '\u2212');

/** Reads the whole ledger, whoever made its entries. Rejects if there is no good answer. */
export async function readBook() {
  const entries = await json('/ledger');
  const references = new Map((await json('/payments')).map((payment) => [payment.id, payment.reference]));
  return entries.map((entry) => ({ ...entry, reference: references.get(entry.payment) ?? '' }));
}

/** How often a side charged for these keys. */
export function charges(book, side, keys) {
  const wanted = new Set(Array.from(keys, referenceOf));
  return book.filter((entry) => wanted.has(entry.reference) && side.has(entry.account)).length;
}

/** Shows the account of each side, and how its charges compare with the keys that were used. */
export async function showLedgers(book, owner, keys) {
  for (const side of SIDES) {
    const account = side.account(owner);
    const { balance } = await json(`/accounts/${account}`);
    const ledger = document.querySelector(`.ledger[data-side=${side.id}]`);
    const count = charges(book, side, keys);
    const verdict = ledger.querySelector('.verdict');
    verdict.replaceChildren(...number(count, 'charge'), ' for ', ...number(keys.size, 'key'));
    verdict.classList.toggle('wrong', count > keys.size);
    ledger.querySelector('.account').textContent = account;
    ledger.querySelector('.balance').textContent = euros(balance);
    showEntries(side, ledger, account, book.filter((entry) => entry.account === account));
  }
}

function showEntries(side, ledger, account, entries) {
  const before = (shown.get(side)?.account === account) ? shown.get(side) : undefined;
  if (before?.ids.size === entries.length) {
    return;
  }
  const ids = new Set(entries.map((entry) => entry.id));
  shown.set(side, { account, ids });
  const references = new Set();
  const rows = entries.map((entry) => row(entry, references, before && !before.ids.has(entry.id)));
  ledger.querySelector('tbody').replaceChildren(...rows.reverse().slice(0, SHOWN));
  const more = rows.length - SHOWN;
  ledger.querySelector('.more').textContent = (rows.length === 0) ? 'No entries yet.' : (more > 0) ? `and ${more} before` : '';
}

function row(entry, references, fresh) {
  const tr = document.createElement('tr');
  const again = isOfPage(entry.reference) && references.has(entry.reference);
  references.add(entry.reference);
  tr.classList.toggle('again', again);
  tr.classList.toggle('fresh', Boolean(fresh));
  tr.append(cell(entry.id), cell(entry.reference), cell(euros(entry.amount)));
  if (again) {
    tr.children[1].append(' ', Object.assign(document.createElement('em'), { textContent: 'again' }));
  }
  return tr;
}

function number(count, noun) {
  const figure = Object.assign(document.createElement('b'), { textContent: count });
  return [figure, ` ${noun}${(count === 1) ? '' : 's'}`];
}

const cell = (text) => Object.assign(document.createElement('td'), { textContent: text });

async function json(path) {
  const response = await fetch(path);
  if (!response.ok) {
    throw new Error(`${path} answered ${response.status}`);
  }
  return response.json();
}
