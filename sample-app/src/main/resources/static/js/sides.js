const UNPROTECTED = '-unprotected';

/** The two endpoints that are compared. Each charges accounts of its own. */
export const SIDES = [
  {
    id: 'protected',
    title: 'With protection',
    path: '/payments',
    account: (owner) => owner,
    has: (account) => !account.endsWith(UNPROTECTED),
  },
  {
    id: 'unprotected',
    title: 'Without protection',
    path: '/unprotected/payments',
    account: (owner) => owner + UNPROTECTED,
    has: (account) => account.endsWith(UNPROTECTED),
  },
];
