import { expect, test } from 'vitest';
import { createEnvelopedData } from '../../src/cms/enveloped/create.js';
import { parseEnvelopedData } from '../../src/cms/enveloped/enveloped-data.js';
import { openEnveloped } from '../../src/cms/enveloped/open.js';
import { Rekeyer } from '../../src/cms/stream/rekeyer.js';
import { type Bytes, concatBytes } from '../../src/core/bytes.js';
import { parseCertificate } from '../../src/x509/certificate/certificate.js';
import { cheapestOf } from '../support/cpu-time.js';
import { holder } from '../support/envelopes.js';

const content = new Uint8Array(1000);
const former = { kek: new Uint8Array(16).fill(1), id: Uint8Array.of(1) };
const limits = { recipients: 200_000, nodes: 10_000_000 };

/** Certificates that differ in nothing but their serial number. */
async function people(count: number) {
  const { certificate, privateKey } = await holder('rsa');
  const { bytes, serialNumber } = certificate;
  const at = serialNumber.byteOffset - bytes.byteOffset + serialNumber.length - 3;
  const recipients = Array.from({ length: count }, (_, i) => {
    const octets = bytes.slice();
    octets.set([i >> 16, i >> 8, i], at);
    return { certificate: parseCertificate(octets) };
  });
  return { recipients, keys: [{ privateKey, certificate: recipients.at(-1)!.certificate }] };
}

test('100,000 members get an envelope re-keyed, and the last opens it, at a price for each like that of 10,000', async () => {
  const p7m = await createEnvelopedData({ content, recipients: [former] });
  const each = new Map<number, { rekey: number; open: number }>();
  for (const count of [10_000, 100_000]) {
    const { recipients, keys } = await people(count);
    let next: Bytes | undefined;
    const rekey = await cheapestOf(async () => {
      const rekeyer = new Rekeyer({ keys: [former], recipients, limits });
      next = concatBytes([await rekeyer.update(p7m), await rekeyer.finish()]);
    }, 2);
    const open = await cheapestOf(async () => {
      const enveloped = parseEnvelopedData(next!, { limits });
      expect(enveloped.recipients.length).toBe(count);
      expect((await openEnveloped(enveloped, { keys })).content.length).toBe(content.length);
    }, 2);
    each.set(count, { rekey: (rekey / count) * 1000, open: (open / count) * 1000 });
  }
  const [few, many] = [each.get(10_000)!, each.get(100_000)!];
  console.log('microseconds for each recipient, of 10,000 and of 100,000:', few, many);
  expect(many.rekey / few.rekey).toBeLessThan(4);
  expect(many.open / few.open).toBeLessThan(4);
}, 600_000);
