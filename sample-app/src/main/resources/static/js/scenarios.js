/**
 * What a client does, to one endpoint. Each scenario gets a function that sends a payment and
 * resolves to its result, and whether the key was used before. `fresh` ones start with a new key,
 * `note` is a template of the page that says more.
 */
export const SCENARIOS = {
  pay: {
    title: 'Pay',
    run: (send) => send(),
  },
  double: {
    title: 'Double-click',
    fresh: true,
    run: (send) => Promise.all([send({ delay: '1s' }), send({ delay: '1s' })]),
  },
  timeout: {
    title: 'Time out and retry',
    fresh: true,
    async run(send) {
      await send({ delay: '3s', giveUpAfter: 1000 });
      await untilAnswered(send);
    },
  },
  change: {
    title: 'Change the amount',
    async run(send, used) {
      if (!used) {
        await send();
      }
      await send({ more: 10 });
    },
  },
  before: {
    title: 'Fail before the charge',
    fresh: true,
    async run(send) {
      await send({ fail: 'before' });
      await send();
    },
  },
  after: {
    title: 'Fail after the charge',
    fresh: true,
    note: 'after-note',
    async run(send) {
      await send({ fail: 'after' });
      await send();
    },
  },
};

/** A duplicate of a call that still runs is told when to come again. */
async function untilAnswered(send) {
  for (let attempts = 1; attempts <= 10; attempts++) {
    const { outcome, retryAfter } = await send();
    if (outcome !== 'in progress') {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 1000 * (retryAfter || 1)));
  }
}
