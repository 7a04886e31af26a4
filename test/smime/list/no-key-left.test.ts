import { afterEach, expect, test, vi } from 'vitest';
import { encryptKeys } from '../../../src/crypto/transport/encrypt-keys.js';
import { bob, dave, member, passOn, sent } from '../../support/list-scene.js';

const keys = vi.hoisted(() => [] as Uint8Array[]);

vi.mock('../../../src/cms/enveloped/content-key.js', async (original) => {
  const actual = await original<typeof import('../../../src/cms/enveloped/content-key.js')>();
  return {
    ...actual,
    findTransportedKey: async (...given: Parameters<typeof actual.findTransportedKey>) => {
      const found = await actual.findTransportedKey(...given);
      keys.push(found.key);
      return found;
    },
  };
});

afterEach(() => {
  keys.length = 0;
});

const isWiped = (key: Uint8Array): boolean => key.every((octet) => octet === 0);
const separately = { members: [member(bob), member(dave)], separately: true };

test('the key that members are given is found once, and none is left', async () => {
  const { messages } = await passOn(await sent([{ cipher: 'aes256-cbc' }]), {
    ...separately,
    wrapKeys: async (jobs) => {
      expect(keys.map(isWiped)).toEqual([false]);
      return encryptKeys({ key: jobs[0]!.key, recipients: jobs });
    },
  });
  expect(messages).toHaveLength(2);
  expect(keys.map(isWiped)).toEqual([true]);
});

test('nor where a copy fails', async () => {
  let calls = 0;
  const failing = passOn(await sent([{ cipher: 'aes256-cbc' }]), {
    ...separately,
    wrapKeys: async (jobs) => {
      if (++calls === 2) throw new Error('no more');
      return encryptKeys({ key: jobs[0]!.key, recipients: jobs });
    },
  });
  await expect(failing).rejects.toThrow('no more');
  expect(keys.map(isWiped)).toEqual([true]);
});
