import { pay } from './client.js';
import { newKey, shortForm } from './keys.js';
import { readBook, showLedgers } from './ledger.js';
import { showMetrics } from './metrics.js';
import { SCENARIOS } from './scenarios.js';
import { SIDES } from './sides.js';
import { Action } from './timeline.js';

const form = document.getElementById('payment');
const trouble = document.getElementById('trouble');

const usedKeys = new Set();
const actions = [];
let key;
let busy = false;

function takeNewKey() {
  key = newKey();
  showKey();
}

function showKey() {
  form.elements.key.value = shortForm(key);
  document.getElementById('key-state').textContent = usedKeys.has(key) ? 'used' : 'new';
}

/** Plays a scenario on both sides at once. Only one at a time: they share the key. */
async function play(scenario) {
  if (busy || !form.reportValidity()) {
    return;
  }
  setBusy(true);
  if (scenario.fresh && usedKeys.has(key)) {
    takeNewKey();
  }
  const payment = { key, owner: form.elements.owner.value, amount: form.elements.amount.valueAsNumber };
  const used = usedKeys.has(key);
  usedKeys.add(key);
  showKey();
  const action = new Action(scenario, key);
  actions.unshift(action);
  await Promise.all(SIDES.map((side) => scenario.run(async ({ more = 0, ...options } = {}) => {
    const result = await action.attempt(side, pay(side, { ...payment, amount: payment.amount + more }, options));
    refresh();
    return result;
  }, used)));
  await refresh();
  action.end();
  setBusy(false);
}

/** Busy buttons keep the focus, so they are not disabled. */
function setBusy(now) {
  busy = now;
  form.querySelectorAll('button').forEach((button) => button.setAttribute('aria-disabled', now));
}

let refreshed = Promise.resolve();
let waiting = false;

/** Asks the server what became of it all: one question after the other, and none twice in the queue. */
function refresh() {
  if (!waiting) {
    waiting = true;
    refreshed = refreshed.then(show);
  }
  return refreshed;
}

async function show() {
  waiting = false;
  try {
    const book = await readBook();
    actions.splice(20);
    actions.forEach((action) => action.judge(book));
    await showLedgers(book, form.elements.owner.value, usedKeys);
    await showMetrics();
    trouble.hidden = true;
  }
  catch {
    trouble.hidden = false;
  }
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  play(SCENARIOS.pay);
});
form.addEventListener('click', (event) => {
  const scenario = event.target.closest('button[data-scenario]')?.dataset.scenario;
  if (scenario) {
    play(SCENARIOS[scenario]);
  }
});
document.getElementById('new-key').addEventListener('click', () => busy || takeNewKey());
form.elements.owner.addEventListener('change', refresh);
setInterval(() => document.hidden || refresh(), 3000);

takeNewKey();
refresh();
