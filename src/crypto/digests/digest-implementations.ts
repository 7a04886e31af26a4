import { sha384, sha512, sha512_224, sha512_256 } from '@noble/hashes/sha2.js';
import { sha3_224, sha3_256, sha3_384, sha3_512, shake128, shake256 } from '@noble/hashes/sha3.js';
import type { CHash } from '@noble/hashes/utils.js';
import { type BlockAlgorithm, BlockDigest, blockLength } from './block-digest.js';
import type { DigestName } from './digest-name.js';
import { md5 } from './md5.js';
import { sha1 } from './sha1.js';
import { sha224, sha256 } from './sha256.js';

/** A digest in progress, whoever makes it. */
export interface RunningHash {
  update(chunk: Uint8Array): unknown;
  digest(): Uint8Array;
  copy(): RunningHash;
}

/** A digest in TypeScript. */
export interface DigestImplementation {
  readonly name: string;
  /** Length of the digest in octets. */
  readonly length: number;
  /** Octets of the blocks that it takes its input in; HMAC pads its key to that length. */
  readonly blockLength: number;
  /** Starts one; a SHAKE gives as many octets as are wanted. */
  readonly create: (length: number) => RunningHash;
  /** What it is made of where it is ours. */
  readonly blocks: BlockAlgorithm | undefined;
  /** Noble's function where it is not, and no SHAKE. */
  readonly noble: CHash | undefined;
  /** Octets up to which it is sooner done than a call into the runtime's library returns; -1 where it never is. */
  readonly soonDone: number;
  /** The digest of the three octets `abc` (FIPS 180-4, FIPS 202, RFC 1321), for the known-answer test. */
  readonly ofAbc: string;
}

/** Noble's incremental digests. */
interface NobleHash {
  update(chunk: Uint8Array): unknown;
  digest(): Uint8Array;
  clone(): NobleHash;
}

interface Shake {
  readonly blockLen: number;
  create(options: { readonly dkLen: number }): NobleHash;
}

function running(hash: NobleHash): RunningHash {
  return {
    update: (chunk) => hash.update(chunk),
    digest: () => hash.digest(),
    copy: () => running(hash.clone()),
  };
}

function ofNoble(name: string, noble: CHash, ofAbc: string): DigestImplementation {
  return {
    name,
    length: noble.outputLen,
    blockLength: noble.blockLen,
    create: () => running(noble.create()),
    blocks: undefined,
    noble,
    soonDone: -1,
    ofAbc,
  };
}

function ofShake(name: string, shake: Shake, length: number, ofAbc: string): DigestImplementation {
  return {
    name,
    length,
    blockLength: shake.blockLen,
    create: (dkLen) => running(shake.create({ dkLen })),
    blocks: undefined,
    noble: undefined,
    soonDone: -1,
    ofAbc,
  };
}

function inBlocks(
  name: string,
  blocks: BlockAlgorithm,
  soonDone: number,
  ofAbc: string,
): DigestImplementation {
  return {
    name,
    length: blocks.length,
    blockLength,
    create: () => new BlockDigest(blocks),
    blocks,
    noble: undefined,
    soonDone,
    ofAbc,
  };
}

/** By itself, so that who needs no other is not given all. */
export const md5Implementation: DigestImplementation = /* @__PURE__ */ inBlocks(
  'md5',
  md5,
  128,
  '900150983cd24fb0d6963f7d28e17f72',
);

/** Every digest by its name. SHA-512 and SHA-3 are noble's: they are as fast as TypeScript gets. */
export const implementations: Readonly<Record<DigestName, DigestImplementation>> = /* @__PURE__ */ (() => ({
  md5: md5Implementation,
  sha1: inBlocks('sha1', sha1, 32, 'a9993e364706816aba3e25717850c26c9cd0d89d'),
  sha224: inBlocks('sha224', sha224, 32, '23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7'),
  sha256: inBlocks('sha256', sha256, 32, 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'),
  sha384: ofNoble(
    'sha384',
    sha384,
    'cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7',
  ),
  sha512: ofNoble(
    'sha512',
    sha512,
    'ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f',
  ),
  'sha512-256': ofNoble(
    'sha512-256',
    sha512_256,
    '53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23',
  ),
  'sha3-224': ofNoble('sha3-224', sha3_224, 'e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf'),
  'sha3-256': ofNoble(
    'sha3-256',
    sha3_256,
    '3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532',
  ),
  'sha3-384': ofNoble(
    'sha3-384',
    sha3_384,
    'ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b298d88cea927ac7f539f1edf228376d25',
  ),
  'sha3-512': ofNoble(
    'sha3-512',
    sha3_512,
    'b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0',
  ),
  shake128: ofShake(
    'shake128',
    shake128,
    32,
    '5881092dd818bf5cf8a3ddb793fbcba74097d5c526a6d35f97b83351940f2cc8',
  ),
  shake256: ofShake(
    'shake256',
    shake256,
    64,
    '483366601360a8771c6863080cc4114d8db44530f8f1e1ee4f94ea37e78b5739d5a15bef186a5386c75744c0527e1faa9f8726e462a12a4feb06bd8801e751e4',
  ),
}))();

/** SHA-512/224, which HMAC is used with and CMS is not. */
export const sha512Cut: DigestImplementation = /* @__PURE__ */ ofNoble(
  'sha512-224',
  sha512_224,
  '4634270f707b6a54daae7530460842e20e37ed265ceee9a43e8924aa',
);
