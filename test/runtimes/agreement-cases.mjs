// Secrets agreed upon, keys wrapped, content compressed: right whatever the
// runtime's own code does, or a refusal where it may refuse.

import { createCompressedData, openCompressed, parseCompressedData } from 'mailseal/cms';
import {
  deriveSharedSecret,
  hkdf,
  parsePrivateKey,
  parsePublicKey,
  unwrapKey,
  wrapKey,
} from 'mailseal/crypto';
import { decodeHex, encodeHex } from 'mailseal/encoding';
import { equal } from './suite.mjs';

const engines = /** @type {const} */ (['auto', 'typescript', 'native']);

/**
 * What native code may refuse to do.
 *
 * @template T
 * @param {import('mailseal/crypto').Engine} engine
 * @param {Promise<T>} promise
 * @returns {Promise<T | undefined>}
 */
async function orRefused(engine, promise) {
  try {
    return await promise;
  } catch (error) {
    const { code } = /** @type {{ code?: string }} */ (error);
    if (engine !== 'native' || code !== 'crypto-engine-unavailable') throw error;
    return undefined;
  }
}

/** RFC 3394 §4.1, §4.5, §4.6; RFC 3217 §3.4 is only unwrapped, since its vector is random. */
const wraps = /** @type {const} */ ([
  {
    name: 'aes128-wrap',
    kek: '000102030405060708090a0b0c0d0e0f',
    key: '00112233445566778899aabbccddeeff',
    wrapped: '1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5',
  },
  {
    name: 'aes192-wrap',
    kek: '000102030405060708090a0b0c0d0e0f1011121314151617',
    key: '00112233445566778899aabbccddeeff0001020304050607',
    wrapped: '031d33264e15d33268f24ec260743edce1c6c7ddee725a936ba814915c6762d2',
  },
  {
    name: 'aes256-wrap',
    kek: '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
    key: '00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f',
    wrapped: '28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21',
  },
  {
    name: 'des-ede3-wrap',
    kek: '255e0d1c07b646dfb3134cc843ba8aa71f025b7c0838251f',
    key: '2923bf85e06dd6ae529149f1f1bae9eab3a7da3d860d3e98',
    wrapped: '690107618ef092b3b48ca1796b234ae9fa33ebb4159604037db5d6a84eb3aac2768c632775a467d4',
  },
]);

/** Made with OpenSSL: a private key, the other side's public key, what they agree upon. */
const agreements = /** @type {const} */ ([
  {
    name: 'P-256',
    privateKey:
      '308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420068125c7bafb41d2f6d9968b' +
      'cd0b4bd516793d14b1ffa7e88fd5949633a10328a144034200040bfa60a4904b776e26c6d6da552c6a9cdc900d9dbef7' +
      'ccdca30e5031c5e0b5edad1f483336b06c671edecfe485d8d1dc6ca1c1dbe19e5b63b83cb637d0bb1432',
    publicKey:
      '3059301306072a8648ce3d020106082a8648ce3d03010703420004bb3ac6bf2f68d6ca065068c7b79ea954a95af77873' +
      'a2051612d60ef48e1e7f59d29e705b889459ab8abf3853056b319c83227ad231f721017f915486e62f76f7',
    secret: '1c09ec444c3bb16bdc094816265876442657a11edb73ac7f976a41f400be99c6',
  },
  {
    name: 'P-384',
    privateKey:
      '3081b6020100301006072a8648ce3d020106052b8104002204819e30819b0201010430985aeda8e6af26e5c5f80ed71a' +
      '8e446eec570907e8dc5d7110968b3f6095c3d7b7daf71e37648507391d02c86165edeba164036200047ea07600774a98' +
      'dccdb988c4495a30d99e857e97fa5467efb4b1ad34766df95f4809ef399176703e5dce29c2fef0d39c596ded183e0c71' +
      '1ce23f951bfed638f1eeba88bfb301ddcd6d2ddff064b92d1a73c1d40050c3506910537d6054fbf29d',
    publicKey:
      '3076301006072a8648ce3d020106052b8104002203620004b366ef91a917111051a67faf62a10b90ac418918a39226bd' +
      'f4d09b069d8665842dd102869dbea5d8e57fda6d67cb9139a5d12181db97ca82653aba1aebfbc867ba5c57234415004b' +
      '2f607f20e3d0b27cc698a85ff39a7a1e9ec82525082e389a',
    secret:
      '844c22b8043bf70f528b2752ede1eca53f713f4fff2f48b84bd361b310af78d90cf72d062e19c3d4aeac4c93391a9eaf',
  },
  {
    name: 'P-521',
    privateKey:
      '3081ee020100301006072a8648ce3d020106052b810400230481d63081d3020101044200474ec68a989c17b78eb4cdb9' +
      'd0aed508f32871d10fb9c55c77a3321818376c1617ed41cec0ea7d7d1b5e53ff717c09cc189ce6f735cdf26d54a80ad1' +
      '9276994f5ca1818903818600040012ffe6e7b58cedde4a013826ec335bb90e11fed5f3549606c7a27ba64ba3b0ddbccf' +
      'fa671e0ec7962b5fcff0661f018536b791c8a98fd1a0e936fce04ed2cfcf8100bace5689c5671dd58aa3c4a117a2ee7a' +
      '6ef0aee6f55a52b63a42d4f93dbe8fec094b7a9f7cc84c96050c34a4ab3b4fa4a6f725120da4c92720da430761cf4ea4' +
      'bb',
    publicKey:
      '30819b301006072a8648ce3d020106052b8104002303818600040066bf70942f5cfa89c2f1708cddfe4dd87aaafc4eea' +
      '05eb61ee1b0ff9b4160368eeddc986cf51e45b95e9a53de8172dcea3ab2681fc65b60f69a5794f04234c027901a3ab52' +
      'e9677da4a5a83c0554520bdbd283ba8e4ce7541fb4b1d43163bca1d7713f02095350f6ac39affcee61661ae4de067543' +
      '16c7e9d341f2c542940e59fd5e6a',
    secret:
      '0146ffbfc99ad1557578ed09ec92490df30a403e0e8358e7e4a0c2eea170be0fe1c9149988f36b9ee6f592d07ced5f98' +
      '46fb4f60bf1513266c7227e98701adfb0f7d',
  },
  {
    name: 'brainpoolP256r1',
    privateKey:
      '308188020100301406072a8648ce3d020106092b2403030208010107046d306b0201010420032371a4183bc18ef04a36' +
      'a23bcb8fa9f003fb7429c211282bbbcbbca1d35d24a144034200043526271e9d02ce0326f76488b0701f1aeb17190a47' +
      'f90dbc30d65da8e87f2daca4adc4dba5d9d359d3790a9a8f7e762f34706c5057bebd88deaf6ab6a91b85bb',
    publicKey:
      '305a301406072a8648ce3d020106092b2403030208010107034200049e371a5d2bd45dce5284475f7949b6e8c50e7796' +
      'caaa463bc10a859e30dd9146504913ff533a6b90c8ce62290c84cc33df9a290f8ec49f86c3a1d2f2146b9094',
    secret: '517bf87c159350e7306135a6fc12d3eba4b5dc321fddbbf66447bc3b413dcb27',
  },
  {
    name: 'X25519',
    privateKey:
      '302e020100300506032b656e0422042010c9496ba43bb891c882c2a4e38e062d2588a37c5b2cba357f507d109f4ecf70',
    publicKey: '302a300506032b656e0321004e328cc97ce49f53cf0f10550ffc41afe9c22efc5469abf1969498ba1d5ee67a',
    secret: '9fbc9cfd146477c29a826ffed3a0129518cae4477ab469f26df7a622150fc456',
  },
  {
    name: 'X448',
    privateKey:
      '3046020100300506032b656f043a04385ceb6d9deb14cf532d6f32455051778d36cd36ec97784e28e3a1a8662b4606c9' +
      '8276c1fea617db1e5fad163151e00b93121655346dd59893',
    publicKey:
      '3042300506032b656f033900498ab8ca5b840a544330cab15a8ce8db8abd02c35866ad4d1fe5704bb9491dfa5e888611' +
      'eb382bc3ca0befdc0334666b321b9ef011606d1e',
    secret:
      'efda24b633e29808f6d813b93d41576ebb591a3e5aeb77146a07a2124c2038d38b484e83ec740204bedbb977db572720' +
      'f004cc0bfe398daf',
  },
]);

/** @type {readonly import('./suite.mjs').Case[]} */
export const agreementCases = [
  ...engines.flatMap((engine) => [
    ...wraps.map(({ name, kek, key, wrapped }) => ({
      name: `${name} (${engine})`,
      run: async () => {
        const by = decodeHex(kek);
        const unwrapped = await orRefused(engine, unwrapKey(name, by, decodeHex(wrapped), { engine }));
        if (unwrapped === undefined) return;
        equal(encodeHex(unwrapped), key);
        const again = await wrapKey(name, by, unwrapped, { engine });
        if (name !== 'des-ede3-wrap') equal(encodeHex(again), wrapped);
        equal(encodeHex(await unwrapKey(name, by, again, { engine: 'typescript' })), key);
        again[3] = (again[3] ?? 0) ^ 1;
        const refused = await unwrapKey(name, by, again, { engine }).catch(
          (/** @type {{ code: string }} */ error) => error.code,
        );
        equal(refused, 'crypto-decryption-failed');
      },
    })),
    ...agreements.map(({ name, secret, ...hex }) => ({
      name: `the secret agreed upon with ${name} (${engine})`,
      run: async () => {
        const privateKey = await parsePrivateKey(decodeHex(hex.privateKey));
        const publicKey = parsePublicKey(decodeHex(hex.publicKey));
        const found = await orRefused(engine, deriveSharedSecret({ privateKey, publicKey, engine }));
        if (found !== undefined) equal(encodeHex(found), secret);
      },
    })),
    {
      name: `HKDF (${engine})`,
      run: async () => {
        // RFC 5869 appendix A.1.
        const options = /** @type {const} */ ({
          digest: 'sha256',
          salt: decodeHex('000102030405060708090a0b0c'),
          info: decodeHex('f0f1f2f3f4f5f6f7f8f9'),
          length: 42,
          engine,
        });
        const key = await orRefused(engine, hkdf(new Uint8Array(22).fill(0x0b), options));
        const known = '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865';
        if (key !== undefined) equal(encodeHex(key), known);
      },
    },
  ]),
  {
    name: 'compressed content, by the runtime’s own streams',
    run: async () => {
      const content = new TextEncoder().encode('金額は 10円です。\r\n'.repeat(500));
      const compressed = parseCompressedData(await createCompressedData({ content }));
      if (compressed.compressedContent.length > 500) throw new Error('it is not compressed');
      equal(encodeHex((await openCompressed(compressed)).content), encodeHex(content));
      const code = (/** @type {{ code: string }} */ error) => error.code;
      equal(await openCompressed(compressed, { limits: { octets: 100 } }).catch(code), 'limit-octets');
      const bomb = await createCompressedData({ content: new Uint8Array(5_000_000) });
      equal(await openCompressed(parseCompressedData(bomb)).catch(code), 'limit-ratio');
    },
  },
];
