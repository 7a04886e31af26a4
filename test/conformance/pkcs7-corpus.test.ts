import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { parseContentInfo } from '../../src/cms/content-info.js';
import { contentTypeName } from '../../src/cms/oids.js';
import { parseSignedData } from '../../src/cms/signed/signed-data.js';
import { errorCode } from '../crypto/support.js';
import { describeCorpus, readCorpus, readCorpusJson } from '../support/corpus.js';

interface Expected {
  readonly file: string;
  readonly certificates: readonly { readonly sha256: string }[] | null;
}

describeCorpus('pkcs12', () => {
  test('4 PKCS#7 files open with their certificates, or are refused for what they are', () => {
    const { pkcs7 } = readCorpusJson<{ pkcs7: readonly Expected[] }>('pkcs12/expected.json');
    const count = { opened: 0, refused: 0 };
    for (const { file, certificates } of pkcs7) {
      const octets = readCorpus(`pkcs12/${file}`);
      if (certificates === null) {
        expect(contentTypeName(parseContentInfo(octets).contentType), file).toBe('envelopedData');
        expect(
          errorCode(() => parseSignedData(octets)),
          file,
        ).toBe('cms-wrong-type');
        count.refused++;
        continue;
      }
      const signedData = parseSignedData(octets);
      expect(signedData.isCertsOnly, file).toBe(true);
      const hashes = signedData.certificates.map(({ bytes }) =>
        createHash('sha256').update(bytes).digest('hex'),
      );
      expect(hashes, file).toEqual(certificates.map(({ sha256 }) => sha256));
      count.opened++;
    }
    expect(count).toEqual({ opened: 3, refused: 1 });
  });
});
