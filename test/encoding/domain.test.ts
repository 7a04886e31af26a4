import * as url from 'node:url';
import { describe, expect, test } from 'vitest';
import { MailsealError } from '../../src/core/errors.js';
import { domainToAscii, domainToUnicode } from '../../src/encoding/domain.js';
import { decodePunycode, encodePunycode } from '../../src/encoding/punycode.js';

// RFC 3492 §7.1, samples (A) to (S); the letters of (I) in lower case.
const SAMPLES: readonly (readonly [text: string, punycode: string])[] = [
  ['ليهمابتكلموشعربي؟', 'egbpdaj6bu4bxfgehfvwxn'],
  ['他们为什么不说中文', 'ihqwcrb4cv8a8dqg056pqjye'],
  ['他們爲什麽不說中文', 'ihqwctvzc91f659drss3x8bo0yb'],
  ['Pročprostěnemluvíčesky', 'Proprostnemluvesky-uyb24dma41a'],
  ['למההםפשוטלאמדבריםעברית', '4dbcagdahymbxekheh6e0a7fei0b'],
  ['यहलोगहिन्दीक्योंनहींबोलसकतेहैं', 'i1baa7eci9glrd9b2ae1bj0hfcgg6iyaf8o0a1dig0cd'],
  ['なぜみんな日本語を話してくれないのか', 'n8jok5ay5dzabd5bym9f0cm5685rrjetr6pdxa'],
  ['почемужеонинеговорятпорусски', 'b1abfaaepdrnnbgefbadotcwatmq2g4l'],
  ['PorquénopuedensimplementehablarenEspañol', 'PorqunopuedensimplementehablarenEspaol-fmd56a'],
  ['TạisaohọkhôngthểchỉnóitiếngViệt', 'TisaohkhngthchnitingVit-kjcr8268qyxafd2f1b9g'],
  ['3年B組金八先生', '3B-ww4c5e180e575a65lsy2b'],
  ['安室奈美恵-with-SUPER-MONKEYS', '-with-SUPER-MONKEYS-pc58ag80a8qai00g7n9n'],
  ['Hello-Another-Way-それぞれの場所', 'Hello-Another-Way--fc4qua05auwb3674vfr0b'],
  ['ひとつ屋根の下2', '2-u9tlzr9756bt3uc0v'],
  ['MajiでKoiする5秒前', 'MajiKoi5-783gue6qz075azm5e'],
  ['パフィーdeルンバ', 'de-jg4avhby1noc0d'],
  ['そのスピードで', 'd9juau41awczczp'],
  ['-> $1.00 <-', '-> $1.00 <--'],
  ['', ''],
  ['😀a', 'a-iv3s'],
];

describe('Punycode', () => {
  test.each(SAMPLES)('%s', (text, punycode) => {
    expect(encodePunycode(text)).toBe(punycode);
    expect(decodePunycode(punycode)).toBe(text);
  });

  test('digits may be capitals', () => {
    expect(decodePunycode('bcher-KVA')).toBe('bücher');
  });

  test.each([
    ['a character that is no digit', 'a-b!'],
    ['a character beyond ASCII before the hyphen', 'ü-kva'],
    ['a character beyond ASCII after it', 'bcher-kvä'],
    ['an end within a number', 'bcher-kv'],
    ['a number that is too large', '9999999999b'],
    ['a code point beyond the last', 'zz9999b'],
    ['more than 1,024 characters', 'a'.repeat(1025)],
  ])('%s is refused', (_, punycode) => {
    expect(() => decodePunycode(punycode)).toThrow(expect.objectContaining({ code: 'punycode-malformed' }));
  });

  test('a lone surrogate and what is too long is not encoded', () => {
    for (const text of ['a\ud800', 'é'.repeat(1025)]) {
      expect(() => encodePunycode(text)).toThrow(MailsealError);
    }
  });
});

describe('domains', () => {
  test.each([
    ['example.jp', 'example.jp'],
    ['Example.JP', 'example.jp'],
    ['例え.jp', 'xn--r8jz45g.jp'],
    ['メール。例え．ＪＰ', 'xn--4dkua4c.xn--r8jz45g.jp'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['BÜCHER.example', 'xn--bcher-kva.example'],
    ['bu\u0308cher.example', 'xn--bcher-kva.example'],
    ['faß.de', 'xn--fa-hia.de'],
    ['Βόλος.com', 'xn--nxasmm1c.com'],
    ['ab\u00adcd.test', 'abcd.test'],
    ['xn--r8jz45g.jp', 'xn--r8jz45g.jp'],
    ['_dmarc.example.jp', '_dmarc.example.jp'],
    ['例え.jp.', 'xn--r8jz45g.jp.'],
    ['[192.0.2.1]', '[192.0.2.1]'],
    ['[IPv6:2001:DB8::1]', '[IPv6:2001:DB8::1]'],
  ])('%s is %s in ASCII', (domain, ascii) => {
    expect(domainToAscii(domain)).toBe(ascii);
  });

  test.each([
    ['an empty label', 'a..b'],
    ['nothing', ''],
    ['a symbol', 'a\u2603.test'],
    ['an emoji', '😀.test'],
    ['a blank', 'a b.test'],
    ['an @', 'ａ＠b.test'],
    ['a bracket', 'é>.test'],
    ['a dot that comes of mapping', 'a…b.test'],
    ['a label of 64 octets', `${'a'.repeat(64)}.test`],
    ['an A-label of more than 63 octets', `${'é'.repeat(60)}.test`],
    ['a domain of more than 253 octets', 'a.'.repeat(200)],
    ['a hyphen at the beginning', '-é.test'],
    ['hyphens as in an A-label', 'zz--é.test'],
    ['a combining mark at the beginning', '\u0308é.test'],
    ['a line end', 'é\r\n.test'],
    ['more than 1,024 characters', 'é'.repeat(1025)],
    ['a literal without its end', '[192.0.2.1'],
    ['a literal with more behind it', '[192.0.2.1].jp'],
    ['an empty literal', '[]'],
    ['a blank in a literal', '[192.0.2.1 ]'],
    ['a line end in a literal', '[192.0.2.1\r\n]'],
    ['a literal outside ASCII', '[１９２.0.2.1]'],
  ])('%s is refused', (_, domain) => {
    expect(() => domainToAscii(domain)).toThrow(expect.objectContaining({ code: 'domain-malformed' }));
  });

  test.each([
    ['xn--r8jz45g.jp', '例え.jp'],
    ['XN--R8JZ45G.jp', '例え.jp'],
    ['mail.xn--bcher-kva.example', 'mail.bücher.example'],
    ['xn--fa-hia.de', 'faß.de'],
    ['example.jp', 'example.jp'],
    ['例え.jp', '例え.jp'],
    ['[192.0.2.1]', '[192.0.2.1]'],
  ])('%s is %s for people', (domain, unicode) => {
    expect(domainToUnicode(domain)).toBe(unicode);
  });

  test.each([
    ['Punycode that is none', 'xn--a!.jp'],
    ['Punycode of ASCII alone', 'xn--abc-.jp'],
    ['capitals within', `xn--${encodePunycode('Éa')}.jp`],
    ['a form that is not NFC', `xn--${encodePunycode('e\u0301a')}.jp`],
    ['a full stop within', `xn--${encodePunycode('a.é')}.jp`],
    ['a bracket within', `xn--${encodePunycode('é<a@b>')}.jp`],
    ['a symbol', `xn--${encodePunycode('☃')}.jp`],
    ['a joiner, which nobody sees', `xn--${encodePunycode('क\u200dष')}.jp`],
    ['nothing', 'xn--.jp'],
    ['a label that is too long', `xn--${'a'.repeat(100)}.jp`],
  ])('with %s a label stays as it is', (_, domain) => {
    expect(domainToUnicode(domain)).toBe(domain);
  });

  // Another implementation of IDNA, with the tables of Unicode, is beside us in every Node.
  test.each(SAMPLES.filter(([text]) => text !== '' && !/[؟$😀]/u.test(text)))(
    '%s is what Node has it',
    (text) => {
      const theirs = url.domainToASCII(`${text}.example`);
      expect(domainToAscii(`${text}.example`)).toBe(theirs);
      expect(domainToUnicode(theirs)).toBe(url.domainToUnicode(theirs));
    },
  );
});
