import { describeCorpus } from '../support/corpus.js';
import { digestNamed, testSignatureFile, type WycheproofGroup } from './wycheproof-support.js';

const pkcs1 = (group: WycheproofGroup) => ({ name: 'rsa-pkcs1', digest: digestNamed(group.sha) }) as const;

const pss = (group: WycheproofGroup) =>
  ({
    name: 'rsa-pss',
    digest: digestNamed(group.sha),
    mgfDigest: digestNamed(group.mgfSha!),
    saltLength: group.sLen!,
  }) as const;

describeCorpus('wycheproof', () => {
  // The one acceptable signature of each has a DigestInfo without NULL, and is refused (see src/crypto/emsa.ts).
  for (const file of [
    'rsa_signature_2048_sha256_test.json',
    'rsa_signature_2048_sha384_test.json',
    'rsa_signature_2048_sha512_test.json',
    'rsa_signature_3072_sha256_test.json',
    'rsa_signature_3072_sha384_test.json',
    'rsa_signature_3072_sha512_test.json',
    'rsa_signature_4096_sha256_test.json',
    'rsa_signature_4096_sha384_test.json',
    'rsa_signature_4096_sha512_test.json',
  ]) {
    testSignatureFile(file, pkcs1, 0);
  }
  // Acceptable for their small keys, exponent 3 or SHA-1: judging those is the caller's policy, so all are taken.
  testSignatureFile('rsa_pkcs1_1024_sig_gen_test.json', pkcs1, 33);
  testSignatureFile('rsa_pkcs1_2048_sig_gen_test.json', pkcs1, 11);
  for (const file of [
    'rsa_pss_2048_sha1_mgf1_20_params_test.json',
    'rsa_pss_2048_sha1_mgf1_20_test.json',
    'rsa_pss_2048_sha256_mgf1_0_test.json',
    'rsa_pss_2048_sha256_mgf1_32_params_test.json',
    'rsa_pss_2048_sha256_mgf1_32_test.json',
    'rsa_pss_2048_sha384_mgf1_48_test.json',
    'rsa_pss_3072_sha256_mgf1_32_test.json',
    'rsa_pss_4096_sha512_mgf1_64_test.json',
    'rsa_pss_misc_params_test.json',
  ]) {
    testSignatureFile(file, pss, 0);
  }
});
