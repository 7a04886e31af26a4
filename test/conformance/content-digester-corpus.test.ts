import { expect, test } from 'vitest';
import { parseContentInfo } from '../../src/cms/content-info.js';
import { parseSignedData, type SignedData } from '../../src/cms/signed/signed-data.js';
import { kindOf } from '../../src/cms/stream/cms-head.js';
import { CmsReader } from '../../src/cms/stream/cms-reader.js';
import { ContentDigester, type PassedContent } from '../../src/cms/verify/passed-content.js';
import type { SignerVerdict } from '../../src/cms/verify/verdict.js';
import { verifySignedData } from '../../src/cms/verify/verify.js';
import type { Bytes } from '../../src/core/bytes.js';
import { MailsealError } from '../../src/core/errors.js';
import { digest } from '../../src/crypto/digests/digest.js';
import { encodeHex } from '../../src/encoding/hex.js';
import { digestsOfHead } from '../../src/smime/stream/announced-digests.js';
import { cmsSets, objectsOf, overwrittenChunks, seededLengths } from '../support/cms-objects.js';
import { describeCorpus } from '../support/corpus.js';

/** How many SignedData there are in each set, and how many signatures are valid: of the others the
 * content or the certificate is elsewhere. */
const atLeast: Readonly<Record<(typeof cmsSets)[number], readonly [signed: number, valid: number]>> = {
  'openssl-generated': [93, 80],
  'thunderbird-smime': [81, 61],
  rfc4134: [11, 0],
  pkits: [224, 221],
  mimekit: [2, 0],
  'nss-interop': [0, 0],
  'tutorial-1998': [0, 0],
  pkcs12: [3, 0],
};

const policy = { roots: [], at: new Date('2026-06-01') };
/** Stands for the content of a signature that has none with it. */
const elsewhere = new TextEncoder().encode('Content-Type: text/plain\r\n\r\nSomething else.\r\n');

function answers({ content, signature, trust, time, reasons, certificate, ...rest }: SignerVerdict) {
  return {
    ...{ content, signature, trust, time },
    reasons: reasons.map(({ code, message }) => `${code}: ${message.replaceAll(/octet \d+/g, 'octet N')}`),
    certificate: certificate === undefined ? undefined : encodeHex(digest('sha1', certificate.bytes)),
    claims: [rest.signingTime, rest.digestAlgorithm, rest.attributesForm, rest.timestamps.length],
  };
}

type Verdicts = readonly ReturnType<typeof answers>[] | string;

async function verdicts(
  get: () => { signedData: SignedData; content?: Uint8Array | PassedContent },
): Promise<Verdicts> {
  try {
    const { signedData, ...content } = get();
    return (await verifySignedData(signedData, { ...policy, ...content })).map(answers);
  } catch (error) {
    if (error instanceof MailsealError && error.fault !== 'usage') return error.code;
    throw error;
  }
}

const atOnce = (octets: Bytes): Promise<Verdicts> =>
  verdicts(() => {
    const signedData = parseSignedData(octets);
    return signedData.content === undefined ? { signedData, content: elsewhere } : { signedData };
  });

const inPieces = (octets: Bytes, lengths: () => number): Promise<Verdicts> =>
  verdicts(() => {
    const reader = new CmsReader();
    let digester = new ContentDigester();
    let signedData: SignedData | undefined;
    const take = (events: ReturnType<CmsReader['push']>): void => {
      for (const event of events) {
        if (event.type === 'head' && event.head.kind === 'signedData') {
          digester = new ContentDigester({ digests: digestsOfHead(event.head.digestAlgorithms), keep: 0 });
          if (!event.hasContent) digester.update(elsewhere);
        } else if (event.type === 'content') digester.update(event.octets);
        else if (event.type === 'end' && event.structure.kind === 'signedData')
          signedData = event.structure.signedData;
      }
    };
    for (const chunk of overwrittenChunks(octets, lengths)) take(reader.push(chunk));
    take(reader.end());
    return { signedData: signedData!, content: digester.finish() };
  });

for (const set of cmsSets) {
  describeCorpus(set, () => {
    const objects = objectsOf(set).filter(({ octets }) => isSigned(octets));

    test(`${objects.length} SignedData have the same verdicts when their content went by`, async () => {
      let valid = 0;
      for (const { file, octets } of objects) {
        const wanted = await atOnce(octets);
        if (typeof wanted !== 'string')
          valid += wanted.filter(({ signature }) => signature === 'valid').length;
        for (const lengths of [(): number => 1, seededLengths(octets.length)])
          expect(await inPieces(octets, lengths), file).toEqual(wanted);
      }
      console.log(`${set}: ${valid} valid signatures`);
      expect(objects.length).toBeGreaterThanOrEqual(atLeast[set][0]);
      expect(valid).toBeGreaterThanOrEqual(atLeast[set][1]);
    });
  });
}

function isSigned(octets: Bytes): boolean {
  try {
    return kindOf(parseContentInfo(octets).contentType) === 'signedData';
  } catch (error) {
    if (error instanceof MailsealError) return false;
    throw error;
  }
}
