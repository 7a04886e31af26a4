import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { derInteger, derOctetString, derOid, derSequence } from '../../../src/asn1/writer.js';
import { checkReceipt } from '../../../src/cms/ess/check-receipt.js';
import { createReceipt, receiptOf, requestedReceipt } from '../../../src/cms/ess/receipt.js';
import {
  type ReceiptRequest,
  receiptRequest,
  receiptRequestAttribute,
} from '../../../src/cms/ess/receipt-request.js';
import { createSignedData } from '../../../src/cms/sign/create-signed-data.js';
import type { AttributeInput } from '../../../src/cms/sign/signing-key.js';
import { parseSignedData, type SignedData } from '../../../src/cms/signed/signed-data.js';
import { verifySignedData } from '../../../src/cms/verify/verify.js';
import { errorCode, octetsOf, rejection } from '../../crypto/support.js';
import { describeCorpus, readCorpus } from '../../support/corpus.js';
import type { TestCertificate } from '../../support/pki.js';
import { describeProgram } from '../../support/programs.js';
import { alice, intermediate, mallory, now, root, roots } from '../../support/sign-scene.js';
import { content } from '../../support/sign-verdicts.js';
import { signingKey } from '../../support/signing-people.js';

const request: ReceiptRequest = {
  contentIdentifier: octetsOf(16),
  from: 'all',
  to: [[{ kind: 'rfc822Name', value: 'alice@example.jp' }]],
};

const receiptType = '1.2.840.113549.1.9.16.1.1';

/** Content signed by somebody who says more under his signature. */
async function signedWith(by: TestCertificate, ...signedAttributes: AttributeInput[]): Promise<SignedData> {
  const signer = await signingKey(by, { chain: [intermediate.certificate], signedAttributes });
  return parseSignedData(await createSignedData({ content, signers: [signer] }));
}

const verified = (signedData: SignedData) => verifySignedData(signedData, { roots, at: now });

/** Mallory's receipt for a message. */
async function receiptFor(original: SignedData): Promise<SignedData> {
  const signer = await signingKey(mallory, { chain: [intermediate.certificate] });
  return parseSignedData(await createReceipt({ verdicts: await verified(original), signer }));
}

describe('receiptRequest', () => {
  test('is read as it was written', async () => {
    const forms: readonly ReceiptRequest[] = [
      request,
      { ...request, from: 'first-tier' },
      { ...request, from: [[{ kind: 'rfc822Name', value: 'taro@example.jp' }], request.to[0]!] },
      { ...request, to: [[{ kind: 'smtpUtf8Mailbox', value: '花子@例え.jp' }], request.to[0]!] },
    ];
    for (const each of forms) {
      const { signers } = await signedWith(alice, receiptRequest(each));
      expect(receiptRequestAttribute(signers[0]!.signedAttributes)).toEqual(each);
    }
    const named: ReceiptRequest = {
      ...request,
      to: [[{ kind: 'directoryName', value: alice.certificate.subject }]],
    };
    const { signers } = await signedWith(alice, receiptRequest(named));
    const name = receiptRequestAttribute(signers[0]!.signedAttributes)?.to[0]?.[0];
    expect(`${name?.value}`).toBe(`${alice.certificate.subject}`);
  });

  test('wants an identifier, and 1 to 16 receivers (RFC 2634 §2.7)', () => {
    const wrong = [
      { ...request, contentIdentifier: octetsOf(0) },
      { ...request, to: [] },
      { ...request, to: Array.from({ length: 17 }, () => request.to[0]!) },
      { ...request, to: [[]] },
      { ...request, to: [[{ kind: 'dNSName', value: 'example.jp' }]] as ReceiptRequest['to'] },
    ];
    for (const each of wrong) expect(errorCode(() => receiptRequest(each))).toBe('usage');
  });
});

describe('createReceipt and checkReceipt', () => {
  test('a receipt fits the message that it is for', async () => {
    const original = await signedWith(alice, receiptRequest(request));
    const receipt = await receiptFor(original);
    expect(receipt.eContentType).toBe(receiptType);
    expect(receiptOf(receipt)).toEqual({
      contentType: '1.2.840.113549.1.7.1',
      contentIdentifier: request.contentIdentifier,
      originatorSignature: original.signers[0]!.signature,
    });
    const report = await checkReceipt({ receipt, original, roots, at: now });
    expect(report.problems).toEqual([]);
    expect(report.originator).toBe(original.signers[0]);
    const [by] = report.signers;
    expect([by?.content, by?.signature, by?.trust]).toEqual(['intact', 'valid', 'trusted']);
    expect(by?.certificate?.emailAddresses).toEqual(['mallory@evil.example']);
  });

  test('RFC 2634 §2.2: no receipt asks for a receipt', async () => {
    const receipt = await receiptFor(await signedWith(alice, receiptRequest(request)));
    expect(receiptRequestAttribute(receipt.signers[0]!.signedAttributes)).toBeUndefined();
  });

  test('RFC 2634 §2.3: only what was verified, and asks, is receipted', async () => {
    const signer = await signingKey(mallory);
    const silent = await verified(await signedWith(alice));
    expect((await rejection(createReceipt({ verdicts: silent, signer }))).code).toBe('usage');
    const original = await signedWith(alice, receiptRequest(request));
    const altered = await verifySignedData(original, { roots, at: now, content: octetsOf(3) });
    expect(altered[0]?.content).toBe('altered');
    expect(requestedReceipt(altered)).toBeUndefined();
    expect((await rejection(createReceipt({ verdicts: altered, signer }))).code).toBe('usage');
  });

  test('RFC 2634 §2.3: signers who ask for different receipts get none', async () => {
    const other = { ...request, contentIdentifier: octetsOf(5) };
    const signers = [
      await signingKey(alice, { signedAttributes: [receiptRequest(request)] }),
      await signingKey(mallory, { signedAttributes: [receiptRequest(other)] }),
    ];
    const verdicts = await verified(parseSignedData(await createSignedData({ content, signers })));
    const { code } = await rejection(createReceipt({ verdicts, signer: await signingKey(mallory) }));
    expect(code).toBe('cms-malformed');
    expect(() => requestedReceipt(verdicts)).toThrow('different receipts');
  });

  test('a receipt for another message, and a message that is none', async () => {
    const original = await signedWith(alice, receiptRequest(request));
    const other = await signedWith(mallory, receiptRequest(request));
    const problems = async (receipt: SignedData, of: SignedData) =>
      (await checkReceipt({ receipt, original: of, roots, at: now })).problems;
    expect(await problems(await receiptFor(other), original)).toEqual(['other-signature']);
    expect(await problems(other, original)).toEqual(['no-receipt']);
    expect(await problems(await signedReceipt(octetsOf(9)), original)).toEqual(['no-receipt']);
  });

  test('what the receipt says has to be what was sent', async () => {
    const original = await signedWith(alice, receiptRequest(request));
    const { signature } = original.signers[0]!;
    const receipt = (type: string, identifier: Uint8Array, version = 1): Uint8Array =>
      derSequence(derInteger(version), derOid(type), derOctetString(identifier), derOctetString(signature));
    const problems = async (octets: Uint8Array, ...attributes: AttributeInput[]) =>
      (await checkReceipt({ receipt: await signedReceipt(octets, ...attributes), original, roots, at: now }))
        .problems;
    const data = '1.2.840.113549.1.7.1';
    const msgSigDigest = (octets: Uint8Array): AttributeInput => ({
      type: '1.2.840.113549.1.9.16.2.5',
      values: [derOctetString(octets)],
    });
    const right = receiptOf(await receiptFor(original))!;
    expect(right.contentType).toBe(data);
    expect(await problems(receipt(data, request.contentIdentifier))).toEqual(['signature-digest-missing']);
    expect(await problems(receipt(data, request.contentIdentifier), msgSigDigest(octetsOf(32)))).toEqual([
      'signature-digest-differs',
    ]);
    expect(await problems(receipt(receiptType, octetsOf(3)), msgSigDigest(octetsOf(32)))).toEqual([
      'other-content-identifier',
      'other-content-type',
      'signature-digest-differs',
    ]);
    expect(await problems(receipt(data, request.contentIdentifier, 2))).toEqual(['no-receipt']);
    const silent = await signedWith(alice);
    const unasked = derSequence(
      derInteger(1),
      derOid(data),
      derOctetString(octetsOf(1)),
      derOctetString(silent.signers[0]!.signature),
    );
    const report = await checkReceipt({
      receipt: await signedReceipt(unasked),
      original: silent,
      roots,
      at: now,
    });
    expect(report.problems).toEqual(['not-requested', 'signature-digest-missing']);
  });

  /** Any octets as a signed receipt of Mallory's. */
  async function signedReceipt(
    octets: Uint8Array,
    ...signedAttributes: AttributeInput[]
  ): Promise<SignedData> {
    const signers = [await signingKey(mallory, { signedAttributes })];
    return parseSignedData(await createSignedData({ content: octets, contentType: receiptType, signers }));
  }
});

describeCorpus('openssl-generated', () => {
  test('the request of signed-receipt-request.eml is read', () => {
    const text = new TextDecoder('latin1').decode(
      readCorpus('openssl-generated/messages/signed-receipt-request.eml'),
    );
    const body = /smime\.p7s"?\r?\n(?:.+\r?\n)*\r?\n([A-Za-z0-9+/=\r\n]+)/.exec(text)![1]!;
    const [signer] = parseSignedData(Uint8Array.from(Buffer.from(body, 'base64'))).signers;
    const found = receiptRequestAttribute(signer!.signedAttributes);
    expect(found?.from).toBe('all');
    expect(found?.to).toEqual([[{ kind: 'rfc822Name', value: 'alice@example.jp' }]]);
    expect(found?.contentIdentifier.length).toBeGreaterThan(0);
  });
});

describeProgram('openssl', () => {
  let folder = '';
  const file = (name: string): string => join(folder, name);
  const write = (name: string, octets: string | Uint8Array): void => writeFileSync(file(name), octets);
  const at = ['-attime', String(now.getTime() / 1000)];
  const trust = ['-CAfile', 'root.pem', '-certfile', 'intermediate.pem', ...at];

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'mailseal-receipts-'));
    for (const [name, { der, key }] of Object.entries({ root, intermediate, alice, mallory })) {
      const base64 = Buffer.from(der)
        .toString('base64')
        .replace(/.{1,64}/g, '$&\n');
      write(`${name}.pem`, `-----BEGIN CERTIFICATE-----\n${base64}-----END CERTIFICATE-----\n`);
      write(`${name}.key`, key.privateKey.export({ type: 'pkcs8', format: 'pem' }));
    }
    write('content.bin', content);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function openssl(...args: string[]): string {
    const { status, stderr } = spawnSync('openssl', ['cms', ...args], { cwd: folder, timeout: 30_000 });
    return status === 0 ? 'good' : stderr.toString();
  }

  test('reads our request, signs a receipt that we take, and takes ours', async () => {
    const original = await signedWith(alice, receiptRequest(request));
    write('original.p7m', original.node.document);
    const signs = ['-signer', 'mallory.pem', '-inkey', 'mallory.key', '-outform', 'DER', '-out', 'receipt'];
    expect(openssl('-sign_receipt', '-inform', 'DER', '-in', 'original.p7m', ...signs, ...trust)).toBe(
      'good',
    );
    const theirs = parseSignedData(new Uint8Array(readFileSync(file('receipt'))));
    const { problems, signers } = await checkReceipt({
      receipt: theirs,
      original,
      roots,
      certificates: [intermediate.certificate],
      at: now,
    });
    expect(problems).toEqual([]);
    expect(signers[0]?.signature).toBe('valid');

    const signer = await signingKey(mallory, { chain: [intermediate.certificate] });
    write('ours', await createReceipt({ verdicts: await verified(original), signer }));
    const checks = ['-verify_receipt', 'ours', '-rctform', 'DER', '-inform', 'DER', '-in', 'original.p7m'];
    expect(openssl(...checks, ...trust)).toBe('good');
  });

  test('asks for receipts as we read them', () => {
    const asks = ['-receipt_request_first', '-receipt_request_to', 'taro@example.jp'];
    const signs = ['-signer', 'alice.pem', '-inkey', 'alice.key', '-outform', 'DER', '-out', 'asked'];
    expect(openssl('-sign', '-binary', '-nodetach', '-in', 'content.bin', ...signs, ...asks)).toBe('good');
    const [asked] = parseSignedData(new Uint8Array(readFileSync(file('asked')))).signers;
    const found = receiptRequestAttribute(asked!.signedAttributes);
    expect(found?.from).toBe('first-tier');
    expect(found?.to).toEqual([[{ kind: 'rfc822Name', value: 'taro@example.jp' }]]);
  });
});
