import { expect, test } from 'vitest';
import { digest } from '../../src/crypto/digests/digest.js';
import { encodeHex } from '../../src/encoding/hex.js';
import { openMessage } from '../../src/smime/open/open-message.js';
import type { Layer } from '../../src/smime/open/report.js';
import { verifyMessage } from '../../src/smime/verify/verify-message.js';
import { parseCertificate } from '../../src/x509/certificate/certificate.js';
import { algorithmPolicyOldMail } from '../../src/x509/path/algorithm-policy.js';
import { parseCrl } from '../../src/x509/revocation/crl.js';
import { describeCorpus, readCorpus, readCorpusJson } from '../support/corpus.js';
import {
  cipherName,
  type ExpectedRecipient,
  keyOfRecipient,
  opensslKey,
  opensslKeys,
} from '../support/corpus-keys.js';
import { sealAnswers } from '../support/sign-scene.js';

interface ExpectedLayer {
  readonly type: string;
  readonly contentSha256?: string;
  readonly form?: 'detached' | 'opaque';
  readonly signers?: readonly {
    readonly signer: string;
    readonly intact: boolean;
    readonly chain: string;
  }[];
  readonly contentEncryption?: string;
  readonly recipients?: readonly ExpectedRecipient[];
  readonly plaintextSha256?: string;
  readonly decrypt?: 'fail' | 'fail-or-garbage';
  readonly failure?: 'authentication' | 'decryption' | 'malformed';
}

interface ExpectedFile {
  readonly file: string;
  readonly message?: { readonly subject: string; readonly fromMatchesSigner?: boolean };
  readonly layers: readonly ExpectedLayer[];
  readonly text?: string | null;
  readonly weak?: boolean;
}

interface Expected {
  readonly validationTime: string;
  readonly trustAnchors: readonly string[];
  readonly crls: readonly string[];
  readonly certificates: Readonly<Record<string, { readonly file: string; readonly serialHex: string }>>;
  readonly files: readonly ExpectedFile[];
}

const set = 'openssl-generated';
const envelopeTypes: Readonly<Record<string, string>> = {
  enveloped: 'envelopedData',
  authenveloped: 'authEnvelopedData',
  compressed: 'compressedData',
};

describeCorpus(set, () => {
  const expected = readCorpusJson<Expected>(`${set}/expected.json`);
  const at = new Date(expected.validationTime);
  const roots = expected.trustAnchors.map((file) => parseCertificate(readCorpus(`${set}/${file}`)));
  const crls = expected.crls.map((file) => parseCrl(readCorpus(`${set}/${file}`)));
  const options = { roots, at, revocation: { crls }, algorithms: algorithmPolicyOldMail };

  const messages = expected.files.filter(({ file }) => file.endsWith('.eml'));
  const encrypted = messages.filter(({ layers }) => layers.some(({ type }) => /enveloped$/.test(type)));
  const openable = encrypted.filter(
    ({ file, layers }) =>
      layers.every(({ decrypt }) => decrypt === undefined) && !file.includes('not-for-me'),
  );

  test(`counts: ${encrypted.length} encrypted messages, ${openable.length} of which can be opened`, () => {
    expect([encrypted.length, openable.length]).toEqual([40, 34]);
  });

  function checkLayer(layer: Layer, wanted: ExpectedLayer): void {
    if (wanted.type === 'signed') {
      if (layer.kind !== 'seal') throw new Error(`a seal is wanted, this is ${layer.kind}`);
      expect([layer.seal.form, layer.seal.signers.length]).toEqual([wanted.form, wanted.signers!.length]);
      layer.seal.signers.forEach((signer, i) => {
        const { signer: name, intact, chain } = wanted.signers![i]!;
        expect(signer.certificate?.serialHex).toBe(expected.certificates[name]!.serialHex.toLowerCase());
        expect(signer.content === 'intact' && signer.signature === 'valid').toBe(intact);
        expect(signer.trust === 'trusted').toBe(chain === 'ok');
      });
      return;
    }
    if (layer.kind !== 'envelope') throw new Error(`an envelope is wanted, this is ${layer.kind}`);
    const { envelope } = layer;
    expect(envelope.error).toBeUndefined();
    expect([envelope.type, envelope.opened, envelope.coverage]).toEqual([
      envelopeTypes[wanted.type],
      true,
      'message',
    ]);
    const codes = envelope.reasons.map(({ code }) => code);
    if (wanted.plaintextSha256 !== undefined)
      expect(encodeHex(digest('sha256', envelope.content!))).toBe(wanted.plaintextSha256);
    if (wanted.type === 'compressed') return;
    expect(envelope.cipher && cipherName(envelope.cipher)).toBe(wanted.contentEncryption);
    expect(envelope.recipients.length).toBeGreaterThan(0);
    expect(envelope.authenticated).toBe(wanted.type === 'authenveloped');
    expect(codes.includes('not-authenticated')).toBe(wanted.type === 'enveloped');
    expect(codes.includes('weak-cipher')).toBe(/^(?:des|rc2)/.test(wanted.contentEncryption!));
  }

  test.each(openable.map((entry) => [entry.file, entry] as const))('%s', async (file, entry) => {
    const keys = file.includes('20-recipients') ? [await opensslKey('r07')] : await opensslKeys();
    const report = await openMessage(readCorpus(`${set}/${file}`), { ...options, keys });
    expect(report.layers.map(({ kind }) => kind)).toEqual(
      entry.layers.map(({ type }) => (type === 'signed' ? 'seal' : 'envelope')),
    );
    report.layers.forEach((layer, i) => {
      checkLayer(layer, entry.layers[i]!);
      expect(layer.around).toBe(report.layers[i - 1]);
    });
    const [piece] = report.pieces;
    expect([report.pieces.length, report.encrypted, piece?.layers]).toEqual([1, true, report.layers]);
    expect(piece!.content.text?.replaceAll('\r\n', '\n').trimEnd()).toBe(entry.text!.trimEnd());
    expect(report.headers.get('subject')?.text).toBe(entry.message!.subject);
    // A tag or an unbroken signature inside of the encryption shows that nobody changed what is read.
    const last = entry.layers.findLastIndex(({ type }) => /enveloped$/.test(type));
    const shows = entry.layers
      .slice(last)
      .some(({ type, signers }) => type === 'authenveloped' || signers?.some(({ intact }) => intact));
    expect(piece!.unauthenticated).toBe(!shows);
    expect(report.verified).toBe(
      ['messages/nested-sign-then-encrypt.eml', 'messages/nested-opaque-then-encrypt-gcm.eml'].includes(file),
    );
  });

  const ways = openable.flatMap((entry) =>
    (entry.layers[0]!.recipients ?? []).map((recipient) => [entry, recipient] as const),
  );

  test(`each of ${ways.length} recipients opens the outermost envelope, and alone`, async () => {
    for (const [entry, recipient] of ways) {
      const octets = readCorpus(`${set}/${entry.file}`);
      const report = await openMessage(octets, { ...options, keys: [await keyOfRecipient(recipient)] });
      const [envelope] = report.envelopes;
      expect([entry.file, recipient, envelope?.opened, envelope?.error]).toEqual([
        entry.file,
        recipient,
        true,
        undefined,
      ]);
      expect(envelope!.keyIndex).toBe(0);
      expect(encodeHex(digest('sha256', envelope!.content!))).toBe(entry.layers[0]!.plaintextSha256);
      const none = await openMessage(octets, { ...options, keys: [] });
      expect([none.envelopes[0]!.error?.code, none.envelopes.length, none.encrypted]).toEqual([
        'cms-no-recipient',
        1,
        false,
      ]);
    }
    expect(ways.length).toBe(55);
  });

  test(`TypeScript alone opens all ${openable.length} as well`, async () => {
    for (const { file, layers } of openable) {
      const octets = readCorpus(`${set}/${file}`);
      const keys = file.includes('20-recipients') ? [await opensslKey('r07')] : await opensslKeys();
      const report = await openMessage(octets, { ...options, keys, engine: 'typescript' });
      const hashes = report.envelopes.map(({ content }) => content && encodeHex(digest('sha256', content)));
      expect([file, hashes]).toEqual([
        file,
        layers.flatMap(({ plaintextSha256 }) => (plaintextSha256 === undefined ? [] : [plaintextSha256])),
      ]);
    }
  });

  test(`without keys all ${messages.length} messages have the seals that verifyMessage finds`, async () => {
    const counts = { seals: 0, verified: 0, aroundEncryption: 0 };
    for (const { file } of messages) {
      const octets = readCorpus(`${set}/${file}`);
      const report = await verifyMessage(octets, options);
      // Nothing decompresses here.
      const opened = await openMessage(octets, { ...options, keys: [], limits: { octets: 0 } });
      expect([file, opened.seals.map(sealAnswers)]).toEqual([file, report.seals.map(sealAnswers)]);
      const around = report.verified && report.seals.every(({ aroundEncryption }) => aroundEncryption);
      expect([file, opened.verified]).toEqual([file, report.verified && !around]);
      expect(opened.envelopes.length + opened.others.length).toBe(report.others.length);
      counts.seals += report.seals.length;
      if (opened.verified) counts.verified++;
      if (around) counts.aroundEncryption++;
    }
    expect(counts).toEqual({ seals: 84, verified: 40, aroundEncryption: 2 });
  });

  const broken = encrypted.filter(({ layers }) => layers[0]!.decrypt !== undefined);

  test.each(broken.map((entry) => [entry.file, entry.layers[0]!] as const))(
    '%s gives no plaintext',
    async (file, { decrypt, failure }) => {
      const report = await openMessage(readCorpus(`${set}/${file}`), {
        ...options,
        keys: await opensslKeys(),
      });
      expect(report.verified).toBe(false);
      if (failure === 'malformed') {
        expect(report.others.map(({ kind }) => kind)).toEqual(['unreadable']);
        return;
      }
      const [envelope] = report.envelopes;
      if (decrypt === 'fail') {
        expect([envelope!.opened, envelope!.content, envelope!.error?.code]).toEqual([
          false,
          undefined,
          'crypto-decryption-failed',
        ]);
      } else expect(envelope!.opened ? envelope!.authenticated : false).toBe(false);
    },
  );

  const compressed = messages.filter(({ layers }) => layers.some(({ type }) => type === 'compressed'));

  test.each(
    compressed.filter(({ file }) => !file.includes('bomb')).map((entry) => [entry.file, entry] as const),
  )('%s', async (file, entry) => {
    const report = await openMessage(readCorpus(`${set}/${file}`), { ...options, keys: [] });
    expect(report.layers.length).toBe(entry.layers.length);
    report.layers.forEach((layer, i) => {
      checkLayer(layer, entry.layers[i]!);
    });
    const [envelope] = report.envelopes;
    expect(encodeHex(digest('sha256', envelope!.content!))).toBe(
      entry.layers.find(({ type }) => type === 'compressed')!.contentSha256,
    );
    const [piece] = report.pieces;
    expect([report.pieces.length, piece!.encrypted, piece!.unauthenticated]).toEqual([1, false, false]);
    expect(piece!.content.text?.replaceAll('\r\n', '\n').trimEnd()).toBe(entry.text!.trimEnd());
    expect(report.verified).toBe(file.includes('signed'));
  });

  test('messages/compressed-bomb.eml: work ends at the limit of the ratio, or of the octets', async () => {
    const octets = readCorpus(`${set}/messages/compressed-bomb.eml`);
    const byRatio = await openMessage(octets, { ...options, keys: [] });
    expect(byRatio.envelopes.map(({ error, opened }) => [error?.code, opened])).toEqual([
      ['limit-ratio', false],
    ]);
    const byOctets = await openMessage(octets, { ...options, keys: [], limits: { octets: 100_000 } });
    expect(byOctets.envelopes[0]!.error?.code).toBe('limit-octets');
    const trusting = await openMessage(octets, { ...options, keys: [], limits: { ratio: 2000 } });
    expect(trusting.envelopes[0]!.content?.length).toBe(31_457_280);
    expect(compressed.length).toBe(3);
  });

  test('messages/not-for-me.eml: no recipient fits', async () => {
    const octets = readCorpus(`${set}/messages/not-for-me.eml`);
    const report = await openMessage(octets, { ...options, keys: await opensslKeys() });
    expect(report.envelopes.map(({ error, opened }) => [error?.code, opened])).toEqual([
      ['cms-no-recipient', false],
    ]);
    expect(report.reasons.map(({ code }) => code)).toContain('envelope-not-opened');
    const own = await openMessage(octets, { ...options, keys: [await opensslKey('r20')] });
    expect(own.envelopes[0]!.opened).toBe(true);
  });

  test('a triple wrap: who signed around the encryption is From, and does not vouch for the text', async () => {
    const octets = readCorpus(`${set}/messages/nested-triple-wrap.eml`);
    const report = await openMessage(octets, { ...options, keys: await opensslKeys() });
    expect(report.seals.map(({ verified, aroundEncryption }) => [verified, aroundEncryption])).toEqual([
      [true, true],
      [false, false],
    ]);
    expect(report.reasons.map(({ code }) => code)).toEqual(['signed-outside-encryption']);
    expect(report.seals[1]!.signers[0]!.reasons.map(({ code }) => code)).toContain('address-differs');
  });
});
