import { charges } from './ledger.js';
import { shortForm } from './keys.js';
import { SIDES } from './sides.js';

const KEPT = 20;

const list = document.getElementById('actions-sent');
const news = document.getElementById('news');
const calm = matchMedia('(prefers-reduced-motion: reduce)');

/** One press of a button: what was sent to both sides, on one scale of time. */
export class Action {

  #element = clone('action');
  #lanes = new Map();
  #running = new Set();
  #started = performance.now();
  #ticker = setInterval(() => calm.matches || this.#scale(), 100);

  constructor({ title, note }, key) {
    this.title = title;
    this.key = key;
    const part = (selector) => this.#element.querySelector(selector);
    part('h3').textContent = title;
    part('.key').textContent = `key ${shortForm(key)}`;
    part('time').textContent = new Date().toLocaleTimeString('en-GB');
    for (const side of SIDES) {
      const lane = clone('lane');
      lane.dataset.side = side.id;
      lane.querySelector('h4').textContent = side.title;
      part('.pair').append(lane);
      this.#lanes.set(side, lane);
    }
    if (note) {
      this.#element.append(clone(note));
    }
    list.prepend(this.#element);
    list.children[KEPT]?.remove();
    news.textContent = `${title}: sent.`;
  }

  /** Shows an attempt until its result is there, and passes the result on. */
  async attempt(side, result) {
    const element = clone('attempt');
    const attempt = { element, from: this.#now() };
    this.#lanes.get(side).querySelector('ol').append(element);
    this.#running.add(attempt);
    this.#scale();
    const { outcome, status } = await result;
    this.#scale();
    this.#running.delete(attempt);
    element.dataset.outcome = outcome;
    element.querySelector('.outcome').textContent = outcome;
    element.querySelector('.status').textContent = status ?? '';
    element.querySelector('.took').textContent = duration(this.#now() - attempt.from);
    return result;
  }

  /** Nothing more will be sent. */
  end() {
    clearInterval(this.#ticker);
    const sides = Array.from(this.#lanes, ([side, lane]) => {
      const outcomes = Array.from(lane.querySelectorAll('.outcome'), (outcome) => outcome.textContent);
      return `${side.title}: ${outcomes.join(', ')}, ${lane.querySelector('.verdict').textContent}.`;
    });
    news.textContent = `${this.title}. ${sides.join(' ')}`;
  }

  /** Says how often each side charged for the key, by its ledger. */
  judge(book) {
    for (const [side, lane] of this.#lanes) {
      const count = charges(book, side, [this.key]);
      const verdict = lane.querySelector('.verdict');
      verdict.textContent = ['not charged', 'charged once', 'charged twice'][count] ?? `charged ${count} times`;
      verdict.classList.toggle('wrong', count > 1);
    }
  }

  #now() {
    return performance.now() - this.#started;
  }

  #scale() {
    const now = this.#now();
    this.#element.style.setProperty('--span', Math.max(now, 250));
    for (const { element, from } of this.#running) {
      element.style.setProperty('--from', from);
      element.style.setProperty('--to', now);
    }
  }

}

function clone(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

function duration(ms) {
  return (ms < 999.5) ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
