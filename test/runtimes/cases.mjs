// What every runtime must get right: one case at least per thing that is done
// natively where it can be, on each engine, with answers from the standards.

import { digest, parsePublicKey, verifySignature } from 'mailseal/crypto';
import { decodeBase64, decodeHex, decodeQuotedPrintable, encodeBase64, encodeHex } from 'mailseal/encoding';
import { decode } from 'mailseal/iso2022jp';
import { composeMessage, parseMessage } from 'mailseal/mime';
import { agreementCases } from './agreement-cases.mjs';
import { cmsSignCases } from './cms-sign-cases.mjs';
import { cryptoCases } from './crypto-cases.mjs';
import { pkiCases } from './pki-cases.mjs';
import { protocolCases } from './protocol-cases.mjs';
import { signingCases } from './signing-cases.mjs';
import { equal } from './suite.mjs';
import { transportCases } from './transport-cases.mjs';

/** @typedef {import('./suite.mjs').Case} Case */

const utf8 = new TextEncoder();

/** Of `abc`: FIPS 180-4 and 202's examples, RFC 1321 §A.5. */
const digests = /** @type {const} */ ({
  md5: '900150983cd24fb0d6963f7d28e17f72',
  sha1: 'a9993e364706816aba3e25717850c26c9cd0d89d',
  sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  sha512:
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
  'sha3-256': '3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532',
});

const engines = /** @type {const} */ (['auto', 'typescript']);

/** RFC 8032 §7.1, TEST 1. */
const ed25519 = {
  key: '302a300506032b6570032100d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a',
  signature:
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
};

/** @type {Case[]} */
export const cases = [
  {
    name: 'base64, both ways',
    run: () => {
      const octets = Uint8Array.from({ length: 256 }, (_, i) => i);
      equal(encodeHex(decodeBase64(encodeBase64(octets))), encodeHex(octets));
    },
  },
  {
    name: 'quoted-printable',
    run: () => {
      const { content } = decodeQuotedPrintable(utf8.encode('caf=C3=A9'));
      equal(new TextDecoder().decode(content), 'café');
    },
  },
  {
    name: 'ISO-2022-JP',
    run: () => equal(decode(decodeBase64('GyRCJDMkcyRLJEEkTxsoQg==')), 'こんにちは'),
  },
  {
    name: 'a message composed with the random numbers of the platform',
    run: () => {
      const compose = () =>
        composeMessage({
          from: 'Alice <alice@example.jp>',
          date: new Date(0),
          subject: '会議',
          text: 'café',
          attachments: [{ content: 'x', filename: '表.csv' }],
        });
      const [message, other] = [parseMessage(compose()), parseMessage(compose())];
      equal(message.headers.get('subject')?.text, '会議');
      equal(message.parts[0]?.text(), 'café\r\n');
      equal(message.parts[1]?.filename, '表.csv');
      const boundary = message.contentType.parameters.get('boundary');
      equal(boundary === other.contentType.parameters.get('boundary'), false);
    },
  },
  ...engines.flatMap((engine) => [
    ...Object.entries(digests).map(([name, expected]) => ({
      name: `${name} (${engine})`,
      run: () => {
        const known = /** @type {keyof typeof digests} */ (name);
        equal(encodeHex(digest(known, utf8.encode('abc'), { engine })), expected);
      },
    })),
    ...[false, true].map((altered) => ({
      name: `Ed25519, ${altered ? 'an altered' : 'a good'} signature (${engine})`,
      run: async () => {
        const valid = await verifySignature({
          algorithm: { name: 'ed25519' },
          publicKey: parsePublicKey(decodeHex(ed25519.key)),
          signature: decodeHex(ed25519.signature),
          data: new Uint8Array(altered ? 1 : 0),
          engine,
        });
        equal(valid, !altered);
      },
    })),
  ]),
  ...cryptoCases,
  ...pkiCases,
  ...protocolCases,
  ...signingCases,
  ...cmsSignCases,
  ...transportCases,
  ...agreementCases,
];
