// Opening a PKCS#12 file as OpenSSL 3 writes it: MAC, certificates and a key,
// 2,048 iterations each.

import { readFileSync } from 'node:fs';
import { defineBench } from './bench.mjs';
import { load } from './common.mjs';
import { loadPeer } from './peers/load.mjs';

const file = new Uint8Array(readFileSync(new URL('../test/vectors/pki/hanako.p12', import.meta.url)));
const password = '花子の合言葉';
const shroudedKeyBag = '1.2.840.113549.1.12.10.1.2';

/** @param {boolean} right */
function check(right) {
  if (!right) throw new Error('the file holds one key and two certificates');
}

export default defineBench({
  name: 'pkcs12-open',
  title: 'Open a PKCS#12 file of one key and two certificates.',
  async setup() {
    const { parsePkcs12 } = await load('pki');
    return { parsePkcs12, pkijs: await loadPeer('pkijs'), secret: new TextEncoder().encode(password).buffer };
  },
  contenders: {
    /** @param {any} state */
    async ours({ parsePkcs12 }) {
      const { keys, certificates } = await parsePkcs12(file, { password });
      check(keys.length === 1 && certificates.length === 2);
    },
    /** @param {any} state */
    async 'ours in TypeScript'({ parsePkcs12 }) {
      const { keys, certificates } = await parsePkcs12(file, { password, engine: 'typescript' });
      check(keys.length === 1 && certificates.length === 2);
    },
    /** @param {any} state */
    async pkijs({ pkijs, secret }) {
      const pfx = pkijs.PFX.fromBER(file);
      await pfx.parseInternalValues({ password: secret });
      const safe = pfx.parsedValue.authenticatedSafe;
      await safe.parseInternalValues({ safeContents: safe.safeContents.map(() => ({ password: secret })) });
      let keys = 0;
      let certificates = 0;
      for (const { value } of safe.parsedValue.safeContents) {
        for (const { bagId, bagValue } of value.safeBags) {
          if (bagId === shroudedKeyBag) {
            await bagValue.parseInternalValues({ password: secret });
            keys++;
          } else certificates += Number(bagValue.parsedValue !== undefined);
        }
      }
      check(keys === 1 && certificates === 2);
    },
  },
  goals: { pkijs: 2 },
});
