// An encrypted message of 25 MB given other readers, against what cannot be
// left out: the wraps, and one pass over the octets.

import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { defineBench } from './bench.mjs';
import { expect, load } from './common.mjs';
import { certificatesOf } from './wraps.bench.mjs';

const octets = 26_214_400;
const at = new Date('2027-01-01');
const former = { kek: new Uint8Array(16).fill(1), id: Uint8Array.of(1) };

/** @param {any} cms @param {any[]} recipients */
async function wrapped(cms, recipients) {
  const envelope = await cms.createEnvelopedData({ content: former.kek, recipients, cipher: 'aes128-cbc' });
  expect(envelope.length > 256 * recipients.length, true);
}

/**
 * Certificates that are met for the first time, as a directory gives them: each call parses them anew.
 *
 * @param {{ x509: any, ders: Uint8Array[] }} scene
 */
const members = ({ x509, ders }) => ders.map((der) => ({ certificate: x509.parseCertificate(der) }));

/** @param {number} count */
async function scene(count) {
  const [cms, smime, x509, encoding] = await Promise.all(['cms', 'smime', 'x509', 'encoding'].map(load));
  const ders = (await certificatesOf(count, { kind: 'rsa', bits: 2048 })).map((each) => each.bytes);
  const p7m = await cms.createEnvelopedData({
    content: new Uint8Array(randomBytes(octets)),
    recipients: [former],
    cipher: 'aes128-cbc',
  });
  const header = Buffer.from(
    'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"\r\nContent-Transfer-Encoding: base64\r\n\r\n',
  );
  const message = new Uint8Array(Buffer.concat([header, encoding.encodeMimeBase64(p7m)]));
  return { cms, smime, x509, encoding, ders, p7m, message, body: message.subarray(header.length) };
}

const message = defineBench({
  name: 'rekey',
  title:
    'Re-key a message of 25 MB to so many members of RSA-2048 whose certificates are met for the first time, against their wraps and the base64 undone and done again.',
  unit: 'recipients',
  sizes: [1, 100, 1000],
  setup: scene,
  contenders: {
    async ours(state) {
      const options = { keys: [former], recipients: members(state), at };
      const given = await state.smime.rekeyMessage(state.message, options);
      expect(given.length > state.message.length, true);
    },
    async 'wraps and base64'(state) {
      await wrapped(state.cms, members(state));
      const { content } = state.encoding.decodeMimeBase64(state.body);
      expect(state.encoding.encodeMimeBase64(content.slice()).length, state.body.length);
    },
  },
  native: ['wraps and base64'],
});

const envelope = defineBench({
  name: 'rekey-cms',
  title: 'The same for a bare EnvelopedData, against the wraps and one copy of its octets.',
  unit: 'recipients',
  sizes: [1, 100, 1000],
  setup: scene,
  contenders: {
    async ours(state) {
      // Nobody holds the certificates while the content passes: a variable here would.
      const rekeyer = new state.cms.Rekeyer({ keys: [former], recipients: members(state) });
      let length = 0;
      for (let from = 0; from < state.p7m.length; from += 65_536)
        length += (await rekeyer.update(state.p7m.subarray(from, from + 65_536))).length;
      expect(length + (await rekeyer.finish()).length > state.p7m.length, true);
    },
    async 'wraps and one copy'(state) {
      await wrapped(state.cms, members(state));
      for (let from = 0; from < state.p7m.length; from += 65_536)
        expect(state.p7m.slice(from, from + 65_536).length > 0, true);
    },
  },
  native: ['wraps and one copy'],
});

export default [message, envelope];
