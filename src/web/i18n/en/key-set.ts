import type { Texts } from '#web/i18n/vi.ts'

export const keySet: Texts['keySet'] = {
  title: 'Our public key set',
  states: {
    public: 'A public application has no servers of its own that call: its calls come from people’s devices, which we do not watch.',
    'own-tokens': 'This application asks for itself alone and is given no ID tokens, so no sign-in of it needs our keys.',
    off: 'A cache in front answers for the key set (/jwks), so nobody knows whether the application has fetched it.',
    unrotated: 'There is no new signing key to fetch.',
    'no-calls': (days) => `Not known: the servers of the application have not called in the last ${days} days.`,
    'not-watched': 'Not known: this key was published before fetches were noted.',
  },
  key: {
    planned: (from, published) => `The key that begins to sign on ${from} was published on ${published}.`,
    staged: (published) => `A new key was published on ${published}; the day on which it begins to sign is not decided.`,
    signs: (published) => `The key that signs now was published on ${published}.`,
  },
  fetched: (at) => `The servers of the application have fetched the key set since, last on ${at}.`,
  partly: (from, of) => `Seen from ${from} of the ${of} addresses that its servers call from. Look at the other servers.`,
  missing: (last) => `The servers of the application have not fetched the key set since (last: ${last}).`,
  missingAlways: 'The servers of the application were never seen to fetch the key set.',
  breaks: (from) => `If they keep the old key set, the application will refuse sign-ins from ${from}.`,
  works: 'If people can still sign in, the servers fetch the keys through another address.',
  todo: 'Let the servers fetch the key set at jwks_uri again (a restart is usually enough), and do not write our keys into code or configuration.',
  unseen: 'Nobody says a client’s name when they fetch, so we see only fetches from the network address that the calls come from. A fetch through another outgoing address is not seen. A library that fetches again when it meets a key (kid) it does not know has no trouble.',
  letter: {
    subject: (client) => `The servers of ${client} have not fetched our new key`,
    never: 'No fetch was ever seen from these addresses.',
    last: (at) => `A fetch was last seen on ${at}.`,
    text: ({ client, kid, published, from, seen }) => `From ${from} the Electronic identity system signs with a new key (kid ${kid}). It was published on ${published}.

From the addresses that the servers of the application ${client} call from, we have not seen the public key set (/jwks) fetched since then. ${seen}

If the servers keep the old key set, the application will refuse people's sign-ins from ${from}.

What to do before then:
1. Let the servers fetch the key set again, at the jwks_uri of our configuration. A restart is usually enough.
2. If our keys are written into code or configuration, take them out.

A fetch through another outgoing address is not seen. If your servers fetch that way, or fetch again when they meet a kid they do not know, there is nothing to do.

Electronic identity`,
  },
}
