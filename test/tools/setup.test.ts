import { describe, expect, test } from 'vitest';
import { difference } from '../../tools/setup.mjs';

const locked = {
  '': { version: '1.0.0' },
  'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
  'node_modules/b-other-platform': { version: '1.0.0', integrity: 'sha512-b', optional: true },
};
const installed = { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' } };

describe('setup: what is installed against what is locked', () => {
  test('the root entry and packages for other platforms are no difference', () => {
    expect(difference(locked, installed)).toBeUndefined();
  });

  test('nothing installed', () => {
    expect(difference(locked, undefined)).toBe('nothing is installed');
  });

  test('a missing package', () => {
    expect(difference(locked, {})).toBe('node_modules/a is not installed');
  });

  test('another version', () => {
    expect(difference(locked, { 'node_modules/a': { version: '1.0.1', integrity: 'sha512-a' } })).toBe(
      'node_modules/a is 1.0.1, wanted is 1.0.0',
    );
  });

  test('other contents under the same version', () => {
    expect(difference(locked, { 'node_modules/a': { version: '1.0.0', integrity: 'sha512-z' } })).toBe(
      'node_modules/a has other contents',
    );
  });

  test('a package that is no longer wanted', () => {
    expect(difference(locked, { ...installed, 'node_modules/c': { version: '1.0.0' } })).toBe(
      'node_modules/c is installed but not wanted',
    );
  });
});
