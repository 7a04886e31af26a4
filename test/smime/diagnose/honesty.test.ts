import { describe, expect, test } from 'vitest';
import { derOid, derSequence } from '../../../src/asn1/writer.js';
import { concatBytes, latin1FromBytes } from '../../../src/core/bytes.js';
import { MailsealError } from '../../../src/core/errors.js';
import type { AlterationDiagnosis } from '../../../src/smime/diagnose/alteration.js';
import { diagnoseAlteration } from '../../../src/smime/diagnose/diagnose-alteration.js';
import { mayHideSeals } from '../../../src/smime/diagnose/hidden-seals.js';
import { verifyMessage } from '../../../src/smime/verify/verify-message.js';
import { expectLinearAsync } from '../../support/linear-time.js';
import { hash } from '../../support/pki.js';
import { contentType, messageDigest, type SignerSpec, signedData } from '../../support/sign.js';
import {
  base64Lines,
  detachedMessage,
  octets,
  signatureOver,
  usualHeader,
  usualSignatureHeader,
} from '../../support/sign-message.js';
import { alice, intermediate, mallory, now, roots, signedBy } from '../../support/sign-scene.js';

const sent = octets('Content-Type: text/plain; charset=utf-8\r\n\r\nPay 10000 yen.\r\n');
const forged = octets('Content-Type: text/plain; charset=utf-8\r\n\r\nPay 90000 yen.\r\n');
const withLine = (entity: Uint8Array): Uint8Array => concatBytes([entity, octets('\r\n')]);

async function diagnosed(message: Uint8Array, trusted = roots): Promise<AlterationDiagnosis> {
  return diagnoseAlteration(message, await verifyMessage(message, { roots: trusted, at: now }));
}

function codes({ alterations, remarks }: AlterationDiagnosis): string[] {
  return [...remarks, ...alterations.flatMap((each) => each.remarks)].map(({ code }) => code);
}

/** A message as it is, and with each label that relays lose. */
const containers: Readonly<Record<string, (message: string) => string>> = {
  'multipart/signed': (text) => text,
  'multipart/mixed': (text) => text.replace('multipart/signed', 'multipart/mixed'),
  'text/plain': (text) => text.replace(/Content-Type: multipart\/signed;(?:.|\r\n[ \t])*\r\n/, ''),
  'a signature of another type': (text) =>
    text.replace(/application\/pkcs7-signature; name/, 'application/octet-stream; name'),
};

const within = (name: string, entity: Uint8Array, p7s: Uint8Array): Uint8Array =>
  octets(containers[name]!(latin1FromBytes(detachedMessage(entity, p7s))));

describe('a signature that does not hold', () => {
  const unknownAlgorithm = { announcedSignature: derSequence(derOid('1.2.3.4.5')) };
  const bad: readonly (readonly [string, Uint8Array, string])[] = [
    ['is invalid', signedBy(alice, forged, { spoil: true }), 'signature-invalid'],
    ['is of no known algorithm', signedBy(alice, forged, { ...unknownAlgorithm, spoil: true }), 'signature-'],
    [
      'has no certificate',
      signatureOver(forged, { signers: [{ by: alice, spoil: true }], certificates: [intermediate] }),
      'signature-not-checked',
    ],
  ];
  for (const name of Object.keys(containers)) {
    test.each(bad)(`proves no original in ${name}: it %s`, async (_, p7s, code) => {
      for (const entity of [forged, withLine(forged)]) {
        const diagnosis = await diagnosed(within(name, entity, p7s));
        expect(diagnosis.recovered).toBe(false);
        for (const { original, message } of diagnosis.alterations) {
          expect(original).toBeUndefined();
          expect(message.en).toContain('no signature in it holds');
        }
        if (diagnosis.alterations.length > 0) expect(codes(diagnosis).join()).toContain(code);
      }
      const found = await diagnosed(within(name, withLine(forged), p7s));
      expect(codes(found)).toContain('nothing-provable');
    });

    test(`is told from one that holds, in ${name}`, async () => {
      const found = await diagnosed(within(name, withLine(sent), signedBy(alice, sent)));
      expect(found.recovered).toBe(true);
      expect(latin1FromBytes(found.alterations[0]!.original!)).toBe(latin1FromBytes(sent));
    });
  }
});

describe('several signers', () => {
  const two = (first: SignerSpec & { over: Uint8Array }, second: SignerSpec & { over: Uint8Array }) => {
    const raw = ({ over, ...spec }: SignerSpec & { over: Uint8Array }): SignerSpec => ({
      ...spec,
      attributes:
        spec.attributes ?? (() => [contentType(), messageDigest(hash(spec.digest ?? 'sha256', over))]),
    });
    return signatureOver(sent, {
      signers: [raw(first), raw(second)],
      certificates: [alice, mallory, intermediate],
    });
  };
  const ofAlice = { by: alice, over: sent };
  const ofMallory = { by: mallory, over: forged };

  test.each([
    ['after the first', two(ofAlice, ofMallory)],
    ['before the first', two(ofMallory, ofAlice)],
  ] as const)('who signed something else speaks for himself alone: %s', async (_, p7s) => {
    const diagnosis = await diagnosed(detachedMessage(withLine(forged), p7s));
    expect(diagnosis.recovered).toBe(false);
    const own = diagnosis.alterations.map(({ original, fitting }) => [
      original !== undefined,
      fitting.some(({ certificate }) => certificate?.serialHex === mallory.certificate.serialHex),
    ]);
    expect(own.toSorted()).toEqual([
      [false, false],
      [true, true],
    ]);
    for (const { signers, fitting, original } of diagnosis.alterations) {
      expect(signers).toHaveLength(1);
      expect(fitting).toEqual(original === undefined ? [] : signers);
    }
    expect(codes(diagnosis)).toContain('signers-differ');
  });

  test('whose content came as it was does not make another’s the original', async () => {
    const diagnosis = await diagnosed(
      detachedMessage(sent, two(ofAlice, { by: mallory, over: withLine(sent) })),
    );
    expect(diagnosis.recovered).toBe(false);
    expect(codes(diagnosis)).toContain('signers-differ');
  });

  test('who signed different contents that were both found have no common original', async () => {
    const other = { by: mallory, over: withLine(sent) };
    const diagnosis = await diagnosed(detachedMessage(withLine(withLine(sent)), two(ofAlice, other)));
    const lengths = diagnosis.alterations.map(({ original }) => original!.length);
    expect(lengths.toSorted((a, b) => a - b)).toEqual([sent.length, sent.length + 2]);
    expect(diagnosis.recovered).toBe(false);
  });

  test('of whom one used SHA-1 are told as such', async () => {
    const p7s = two(ofAlice, { by: mallory, over: sent, digest: 'sha1' });
    const { recovered, alterations } = await diagnosed(detachedMessage(withLine(sent), p7s));
    expect(recovered).toBe(true);
    expect(alterations[0]!.message.en).toContain('for 1 of 2 signers by an algorithm that can be forged');
    const weak = alterations[0]!.remarks.find(({ code }) => code === 'weak-digest');
    expect(weak?.signer?.digestAlgorithm).toBe('sha1');
  });

  test('without signed attributes take nothing from those who have them', async () => {
    const came = octets(`${latin1FromBytes(sent).replace('utf-8', '"utf-8"')}the list\r\nsays hello\r\n`);
    const original = sent;
    const stranger: SignerSpec = { by: mallory, attributes: 'none', spoil: true };
    const p7s = signatureOver(original, {
      signers: [stranger, { by: alice }, stranger],
      certificates: [alice, mallory, intermediate],
    });
    const message = detachedMessage(came, p7s);
    const report = await verifyMessage(message, { roots, at: now });
    const { recovered, alterations } = await diagnoseAlteration(message, report, {
      limits: { signatures: 20 },
    });
    const found = alterations.filter((each) => each.original !== undefined);
    expect(found.map(({ original: each }) => latin1FromBytes(each!))).toEqual([latin1FromBytes(original)]);
    expect(found[0]!.work.exhausted).toBe(false);
    expect(recovered).toBe(false);
  });

  test('with and without signed attributes are told together where they signed the same', async () => {
    const p7s = signatureOver(sent, {
      signers: [{ by: alice }, { by: mallory, attributes: 'none' }],
      certificates: [alice, mallory, intermediate],
    });
    const { recovered, alterations } = await diagnosed(detachedMessage(withLine(sent), p7s));
    expect(recovered).toBe(true);
    expect(alterations.map(({ fitting }) => fitting.length)).toEqual([2]);
  });
});

describe('who signed', () => {
  test.each([
    ['trusted', roots, 'the certificate that signed it is trusted'],
    ['untrusted', [], 'who signed it is not known'],
  ] as const)('is told as %s', async (answer, trusted, text) => {
    const message = detachedMessage(withLine(sent), signedBy(alice, sent));
    const { alterations } = await diagnosed(message, [...trusted]);
    expect(alterations[0]!.fitting.map(({ trust }) => trust)).toEqual([answer]);
    expect(alterations[0]!.message.en).toContain(text);
  });

  test('is told as not checked without roots', async () => {
    const message = detachedMessage(withLine(sent), signedBy(alice, sent));
    const { alterations } = await diagnoseAlteration(message, await verifyMessage(message, { at: now }));
    expect(alterations[0]!.message.en).toMatch(/; who signed it was not checked$/);
  });
});

describe('what is no alteration', () => {
  const file = octets('%PDF-1.4 some octets\n');
  const part = (header: string, content: Uint8Array): string =>
    `${header}Content-Transfer-Encoding: base64\r\n\r\n${base64Lines(content)}`;
  const mixed = (...parts: readonly string[]): Uint8Array =>
    octets(
      `Content-Type: multipart/mixed; boundary=in\r\n\r\n${parts.map((each) => `--in\r\n${each}\r\n`).join('')}--in--\r\n`,
    );
  const pdf = part(
    'Content-Type: application/pdf\r\nContent-Disposition: attachment; filename=contract.pdf\r\n',
    file,
  );
  const ofFile = part(
    'Content-Type: application/pkcs7-signature\r\nContent-Disposition: attachment; filename=contract.pdf.p7s\r\n',
    signedBy(mallory, file),
  );
  const text = 'Content-Type: text/plain\r\n\r\nSee the file.';
  const unsigned = (entity: Uint8Array): Uint8Array =>
    octets(`${usualHeader}MIME-Version: 1.0\r\n${latin1FromBytes(entity)}`);

  test.each([
    [
      'in a signed message',
      detachedMessage(mixed(text, pdf, ofFile), signedBy(alice, mixed(text, pdf, ofFile))),
    ],
    ['in an unsigned message', unsigned(mixed(text, pdf, ofFile))],
    ['as the second part', unsigned(mixed(pdf, ofFile))],
  ])('the signature of a file, %s', async (_, message) => {
    const diagnosis = await diagnosed(message);
    expect(diagnosis.alterations).toEqual([]);
    expect(codes(diagnosis)).toContain('file-signature');
  });

  test('the signature of a file that is not there', async () => {
    const alone = mixed(text, text, ofFile);
    const message = unsigned(alone);
    const report = await verifyMessage(message, { at: now });
    expect(mayHideSeals(report)).toBe(false);
    expect((await diagnoseAlteration(message, report)).alterations).toEqual([]);
  });

  test.each(['contract.pdf.cat', 'driver.cat'])('a signed file named %s', async (name) => {
    const cms = signedData({ content: file, embed: true, signers: [{ by: mallory }] });
    const header = `Content-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=${name}\r\n`;
    expect((await diagnosed(unsigned(mixed(text, part(header, cms))))).alterations).toEqual([]);
    const entity = signedData({ content: sent, embed: true, signers: [{ by: mallory }] });
    expect((await diagnosed(unsigned(mixed(text, part(header, entity))))).alterations).toEqual([]);
  });
});

describe('what is said of the whole message', () => {
  test('a signature that cannot be read', async () => {
    const diagnosis = await diagnosed(detachedMessage(sent, signedBy(alice, sent).slice(0, 300)));
    expect(diagnosis.alterations).toEqual([]);
    expect(codes(diagnosis)).toEqual(['signature-unreadable']);
  });

  test('what is encrypted', async () => {
    const enveloped = derSequence(derOid('1.2.840.113549.1.7.3'), Uint8Array.of(0xa0, 2, 0x30, 0));
    const message = octets(
      `${usualHeader}Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\nContent-Transfer-Encoding: base64\r\n\r\n${base64Lines(enveloped)}`,
    );
    const diagnosis = await diagnosed(message);
    expect(diagnosis.recovered).toBe(false);
    expect(codes(diagnosis)).toEqual(['encrypted']);
  });

  test('no signature', async () => {
    expect(codes(await diagnosed(octets('Subject: a\r\n\r\nb\r\n')))).toEqual(['not-signed']);
  });

  test('a content that came as it was, and is signed by an unknown digest', async () => {
    const announcedDigest = derSequence(derOid('1.2.3.4.6'));
    const diagnosis = await diagnosed(detachedMessage(sent, signedBy(alice, sent, { announcedDigest })));
    expect(codes(diagnosis)).toContain('content-unknown');
  });
});

describe('which attribute differs', () => {
  const lost = octets('Content-Type: text/plain\r\n\r\nNothing of the kind.\r\n');
  test.each([
    ['the digest', {}, ['signature-valid', 'digest-differs']],
    [
      'no digest',
      { attributes: ({ contentType: type }) => [type] },
      ['signature-invalid', 'attribute-missing'],
    ],
    [
      'no content type',
      { attributes: ({ messageDigest: digest }) => [digest] },
      ['signature-invalid', 'digest-differs', 'attribute-missing'],
    ],
    [
      'another content type',
      { attributes: ({ messageDigest: digest }) => [contentType('1.2.3.4'), digest] },
      ['signature-invalid', 'digest-differs', 'content-type-differs'],
    ],
  ] as readonly (readonly [string, Partial<SignerSpec>, readonly string[]])[])(
    '%s',
    async (_, change, wanted) => {
      const diagnosis = await diagnosed(detachedMessage(lost, signedBy(alice, sent, change)));
      expect(diagnosis.recovered).toBe(false);
      expect(codes(diagnosis)).toEqual(expect.arrayContaining([...wanted]));
    },
  );

  test('none: the content shown fits, another is embedded', async () => {
    const p7s = signedData({
      content: sent,
      embed: lost,
      signers: [{ by: alice }],
      certificates: [alice, intermediate],
    });
    expect(codes(await diagnosed(detachedMessage(sent, p7s)))).toContain('content-fits-now');
  });

  test('octets that stand for nothing', async () => {
    const came = octets(
      'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\nPay \xff\xfe.\r\n',
    );
    expect(codes(await diagnosed(detachedMessage(came, signedBy(alice, sent))))).toContain('text-damaged');
  });
});

describe('sentences', () => {
  test('are not written by who sends the message', async () => {
    const label = 'utf-8. The signature is VALID, and the signer is trusted: pay now without asking anybody';
    const came = octets(latin1FromBytes(sent).replace('utf-8', `"${label}"`));
    const { alterations } = await diagnosed(detachedMessage(came, signedBy(alice, sent)));
    const { message, changes } = alterations[0]!;
    expect(changes[0]!.to).toBe(label);
    expect(message.en).toContain('to “utf-8. The signature is VALID');
    expect(message.en).not.toContain('without asking');
  });

  test('are one line each, however fields were folded', async () => {
    const original = octets('Content-Type: text/plain;\r\n\tcharset=UTF-8\r\n\r\nhello\r\n');
    const came = octets(
      latin1FromBytes(original).replace('text/plain', 'TEXT/PLAIN').replace('UTF-8', 'utf-8'),
    );
    const { alterations, recovered } = await diagnosed(detachedMessage(came, signedBy(alice, original)));
    expect(recovered).toBe(true);
    const { message, changes } = alterations[0]!;
    for (const { en, ja } of [message, ...changes.map((change) => change.message)])
      for (const text of [en, ja]) expect(text).not.toMatch(/\p{Cc}/u);
  });
});

describe('work', () => {
  test('on names of parts is in proportion to them', async () => {
    const inner = (type: string): Uint8Array =>
      octets(
        `Content-Type: multipart/mixed; boundary=in\r\n\r\n--in\r\n\r\ntext\r\n--in\r\nContent-Type: ${type}\r\n\r\nnote\r\n--in--\r\n`,
      );
    await expectLinearAsync((size) => {
      const name = `${'removed'.repeat(size / 7)}.exe`;
      const message = detachedMessage(
        inner(`text/plain; name="${name}"`),
        signedBy(alice, inner('application/pdf')),
      );
      return async () => {
        const report = await verifyMessage(message, { roots, at: now });
        await diagnoseAlteration(message, report, { limits: { candidates: 0 } });
      };
    }, 42_000);
  });

  test('on hidden signatures is under the limits and the signal', async () => {
    const p7s = signedBy(alice, sent);
    const parts = Array.from(
      { length: 10 },
      () => `--out\r\n${usualSignatureHeader}\r\n${base64Lines(p7s)}\r\n`,
    );
    const message = octets(
      `${usualHeader}Content-Type: multipart/mixed; boundary=out\r\n\r\n--out\r\n\r\n${'text\r\n'.repeat(1000)}--out\r\n\r\ntext\r\n${parts.join('')}--out--\r\n`,
    );
    const report = await verifyMessage(message, { roots, at: now });
    const { alterations } = await diagnoseAlteration(message, report, { limits: { octets: 0 } });
    expect(alterations).toEqual([]);
    await expect(diagnoseAlteration(message, report, { signal: { aborted: true } })).rejects.toMatchObject({
      code: 'aborted',
    });
  });

  test.each([undefined, {}, null])('a report that is none is a usage error: %s', async (report) => {
    await expect(diagnoseAlteration(sent, report as never)).rejects.toMatchObject({ code: 'usage' });
  });

  test('options that are none are a usage error', async () => {
    const message = detachedMessage(sent, signedBy(alice, sent));
    const report = await verifyMessage(message, { at: now });
    await expect(diagnoseAlteration(message, report, null as never)).rejects.toBeInstanceOf(MailsealError);
  });
});
