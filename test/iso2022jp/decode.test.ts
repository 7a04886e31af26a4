import { describe, expect, test } from 'vitest';
import { decodeBase64 } from '../../src/encoding/base64.js';
import type { CharacterSetName } from '../../src/iso2022jp/character-set.js';
import { Decoder, decode } from '../../src/iso2022jp/decode.js';

// One octet for each character; E is the escape character.
const octetsOf = (characters: string) =>
  Uint8Array.from(characters.replaceAll('E', '\x1b'), (c) => c.charCodeAt(0));

function expectText(octets: Uint8Array, text: string, initial: CharacterSetName = 'ascii'): void {
  expect(decode(octets, { initial })).toBe(text);
  const decoder = new Decoder({ initial });
  let inOctets = '';
  for (const octet of octets) inOctets += decoder.update(Uint8Array.of(octet));
  expect(inOctets + decoder.finish()).toBe(text);
  expect(decoder.replacements).toBe(text.split('\ufffd').length - 1);
}

describe('ISO-2022-JP, decoding what mail has', () => {
  test.each([
    ['ASCII', 'Hello\r\n\0\x7f', 'Hello\r\n\0\x7f'],
    ['nothing', '', ''],
    ['kanji of 1983', 'E$B4A;zE(B', '漢字'],
    ['kanji of 1978, read as those of 1983', 'E$@4A;zE(B', '漢字'],
    ['the long forms of both', 'E$(B4AE$(@;zE(B', '漢字'],
    ['the announcement of 1990', 'E&@E$B4A;zE(B', '漢字'],
    ['NEC row 13', 'E$B-!-jE(B', '①㈱'],
    ['IBM extensions in row 89', 'E$By!E(B', '纊'],
    ['the six disputed cells', 'E$B!A!B!]!q!r"LE(B', '～∥－￠￡￢'],
    ['an empty cell', 'E$B)!4AE(B', '\ufffd漢'],
    ['Roman', 'E(J\\~aE(B\\~', '¥‾a\\~'],
    ['Roman by its Swedish name', 'E(H\\aE(B', '¥a'],
    ['doubled escapes', 'E$BE$B4AE(BE(Ba', '漢a'],
    ['an escape and back, with nothing between', 'aE$BE(Bb', 'ab'],
    ['no escape back at the end', 'E$B4A', '漢'],
    ['an escape at the end', 'aE$B', 'a'],
    ['katakana in seven bits', 'E(I1_ \nE(B1', 'ｱﾟ \n1'],
    ['katakana in eight bits', '\xb1\xdfaE$B4A\xb1;zE(B', 'ｱﾟa漢ｱ字'],
    ['katakana in eight bits, in Roman and in katakana', 'E(J\xb1E(I\xb1E(B', 'ｱｱ'],
    ['katakana between SO and SI', 'a\x0e1_ \xb1\x0f1', 'aｱﾟ ｱ1'],
    ['SO and SI amid kanji', 'E$B4A\x0e1\x0f;zE(B', '漢ｱ字'],
    ['SO with its katakana designated', 'E)Ia\x0e1\x0fE)B', 'aｱ'],
    ['SO that an escape ends', 'a\x0e1E$B4AE(B1', 'aｱ漢1'],
    ['SO that a line end ends', 'a\x0e1\r\n1', 'aｱ\r\n1'],
    ['what is no katakana after SO', '\x0e1a\x0f', 'ｱ\ufffd'],
    ['what is no katakana', 'E(I1aE(B', 'ｱ\ufffd'],
    ['8-bit octets that are no katakana', 'a\x80\xa0\xe0\xffb', 'a\ufffd\ufffd\ufffd\ufffdb'],
    ['8-bit octets amid kanji', 'E$B4A\xa0\xe0\xff\x93;zE(B', '漢\ufffd\ufffd\ufffd\ufffd字'],
    ['JIS X 0212', 'E$(D0!mc"7E(B', '丂龥～'],
    ['JIS X 0213, plane 1 of 2000 and of 2004', 'E$(O.!E$(QOT$wE(B', '俱𠮟か\u309a'],
    ['JIS X 0213, plane 2', 'E$(P!!!"E(B', '𠂉丂'],
    ['JIS X 0213 to its end in a surrogate pair', 'E$(QOT', '𠮟'],
    ['GB 2312', 'E$A::WVE(B', '汉字'],
    ['GB 2312, the long form', 'E$(A::WVE(B', '汉字'],
    ['KS X 1001', 'E$(CGQ1[E(B', '한글'],
    ['Latin', 'E.AcafENi, ENi', 'café, é'],
    ['Latin in eight bits', 'E.AcafEN\xe9', 'café'],
    ['Greek', 'E.FENaENb E.AENa', 'αβ á'],
    ['Greek that is none', 'E.FENR', '\ufffdNR'],
    ['Latin beside kanji', 'E.AE$B4AENi;zE(B', '漢é字'],
    ['ESC N with nothing designated', 'aENi', 'a\ufffdNi'],
    ['ESC N before a control', 'E.AEN\n', '\ufffdN\n'],
    ['user-defined rows 95 to 114', 'E$B\x7f!\x7f~\x80!\x92~4AE(B', '\ue000\ue05d\ue05e\ue757漢'],
    ['user-defined rows after ESC $ ( ?', 'E$(?!!4~E(B', '\ue000\ue757'],
    ['nothing after the user-defined rows', 'E$(?5!E(B', '\ufffd'],
    ['user-defined rows 85 and 94', 'E$Bu!~~E(B', '\ue000\ue3ab'],
    ['user-defined rows of JIS X 0212', 'E$(Du!~~E(B', '\ue3ac\ue757'],
    ['a line end inside kanji', 'E$B4A\n;zE(B', '漢\n字'],
    ['a fold inside kanji', 'E$B4A\r\n ;zE(B', '漢\r\n 字'],
    ['a fold inside JIS X 0213', 'E$(Q4A\r\n\t.!E(B', '漢\r\n\t俱'],
    ['a line in ASCII without its escape', 'E$B4A\r\n> 4A', '漢\r\n> 4A'],
    ['a line in ASCII without its escape, after a blank', 'E$B4A\r\n\r\n )!4A', '漢\r\n\r\n )!4A'],
    ['what is no character later in the line', 'E$B4A\r\n4A> 4A', '漢\r\n漢\ufffd 漢'],
    ['spaces and controls inside kanji', 'E$B4A ;z\t\0;zE(B', '漢 字\t\0字'],
    ['a line end after a lead octet', 'E$B4A4\n;zE(B', '漢\ufffd\n字'],
    ['a space as trail octet', 'E$B4 4AE(B', '\ufffd 漢'],
    ['an 8-bit trail octet', 'E$B4\xb14AE(B', '\ufffd漢'],
    ['DEL as trail octet', 'E$B4\x7f4AE(B', '\ufffd漢'],
    ['an escape after a lead octet', 'E$B4E(Ba', '\ufffda'],
    ['a lead octet at the end', 'E$B4A4', '漢\ufffd'],
    ['a lead octet at the end, in eight bits', 'E$B\x80', '\ufffd'],
    ['an unknown escape', 'E$Xa', '\ufffd$Xa'],
    ['an unknown escape of four octets', 'E$(Xa', '\ufffd$(Xa'],
    ['an unknown escape in kanji, read as kanji', 'E$B4AE$0E(B', '漢\ufffdぐ'],
    ['ESC that begins nothing', 'aExE', 'a\ufffdx\ufffd'],
    ['ESC twice', 'EE$B4A', '\ufffd漢'],
    ['an escape cut off after two octets', 'aE$', 'a\ufffd$'],
    ['an escape cut off after three octets', 'aE$(', 'a\ufffd$('],
    ['an escape cut off in kanji', 'E$B4AE(', '漢\ufffd\ufffd'],
    ['other escapes cut off', 'E.AE)E&E.EN', '\ufffd)\ufffd&\ufffd.\ufffdN'],
  ])('%s', (_, encoded, text) => {
    expectText(octetsOf(encoded), text);
  });

  test.each<[CharacterSetName, string, string]>([
    ['ascii', '4A', '4A'],
    ['jisx0201-roman', '\\', '¥'],
    ['jisx0201-katakana', '1', 'ｱ'],
    ['jisx0208', '4AE(B4A', '漢4A'],
    ['jisx0212', '0!', '丂'],
    ['jisx0213-1', 'OT', '𠮟'],
    ['jisx0213-2', '!!', '𠂉'],
    ['gb2312', 'WV', '字'],
    ['ksx1001', '1[', '글'],
  ])('begins in %s when told so', (initial, encoded, text) => {
    expectText(octetsOf(encoded), text, initial);
  });

  test('a subject of 1998, whole and damaged', () => {
    expect(decode(decodeBase64('GyRCJDMkcyRLJEEkTxsoQg=='))).toBe('こんにちは');
    // Octet 08 stands inside the double-byte text, and it ends in ESC ( J.
    const damaged = decodeBase64('GyRCJDMkbCRPJUYIOSVIGyhK');
    expect(decode(damaged)).toBe('これはテ\b好\ufffd');
    expect(() => decode(damaged, { fatal: true })).toThrow(
      expect.objectContaining({ code: 'charset-malformed', offset: 14 }),
    );
  });

  test.each([
    ['an octet with its 8th bit', 'ab\x80', 2],
    ['a trail octet that is none: the lead octet', 'E$B4A4 ', 5],
    ['a lead octet at the end', 'E$B4A4', 5],
    ['an empty cell', 'E$B4A)!', 5],
    ['an unknown escape', 'aE$X', 1],
    ['an escape that is none', 'aEx', 1],
    ['an escape cut off after one octet', 'abE', 2],
    ['an escape cut off after three', 'abE$(', 2],
    ['what is no katakana', 'E)I\x0e1a', 5],
  ])('fatal: %s', (_, encoded, offset) => {
    const octets = octetsOf(encoded);
    const error = expect.objectContaining({ code: 'charset-malformed', fault: 'input', offset });
    expect(() => decode(octets, { fatal: true })).toThrow(error);
    expect(() => {
      const decoder = new Decoder({ fatal: true });
      for (const octet of octets) decoder.update(Uint8Array.of(octet));
      decoder.finish();
    }).toThrow(error);
    // What threw leaves nothing behind for the next text.
    expect(decode(octetsOf('4A'))).toBe('4A');
  });

  test('the offset of an error far into the text', () => {
    const octets = new Uint8Array(100_000).fill(0x61);
    octets[77_777] = 0xff;
    expect(() => decode(octets, { fatal: true })).toThrow(expect.objectContaining({ offset: 77_777 }));
    const decoder = new Decoder({ fatal: true });
    decoder.update(octetsOf('E$'));
    expect(() => decoder.update(octetsOf('B4A4\xff'))).toThrow(expect.objectContaining({ offset: 5 }));
  });

  test('long text of every kind, at every alignment of its windows', () => {
    for (const [encoded, text] of [
      ['E$B4A;zE(B', '漢字'],
      ['E$(QOT$wE(B', '𠮟か\u309a'],
      ['ascii \xb1', 'ascii ｱ'],
    ] as const) {
      for (let before = 0; before < 12; before++) {
        const padding = 'a'.repeat(before);
        expect(decode(octetsOf(padding + encoded.repeat(2000)))).toBe(padding + text.repeat(2000));
      }
    }
  });

  test('a line that is ASCII without its escape is so wherever the pieces end', () => {
    const octets = octetsOf('E$B4A\r\n> 4A');
    for (let at = 0; at <= octets.length; at++) {
      const decoder = new Decoder();
      const text =
        decoder.update(octets.subarray(0, at)) + decoder.update(octets.subarray(at)) + decoder.finish();
      expect(text).toBe('漢\r\n> 4A');
    }
  });

  test('the mode web replaces what the mode mail reads', () => {
    const octets = octetsOf('E$B4A\n;zE(BE(B\xb1');
    expect(decode(octets)).toBe('漢\n字ｱ');
    expect(decode(octets, { mode: 'web' })).toBe('漢\ufffd字\ufffd\ufffd');
    expect(new Decoder({ mode: 'web' }).update(octets)).toBe('漢\ufffd字\ufffd\ufffd');
    expect(decode(octetsOf('a'), { mode: 'web', initial: 'ascii' })).toBe('a');
  });

  test('modes and sets that do not exist are refused', () => {
    const usage = expect.objectContaining({ code: 'usage' });
    const none = new Uint8Array(0);
    expect(() => decode(none, { mode: 'fax' as 'mail' })).toThrow(usage);
    expect(() => decode(none, { initial: 'klingon' as 'ascii' })).toThrow(usage);
    expect(() => decode(none, { initial: 'toString' as 'ascii' })).toThrow(usage);
    expect(() => decode(none, { initial: 'user-defined' as 'ascii' })).toThrow(usage);
    expect(() => decode(none, { mode: 'web', initial: 'jisx0208' })).toThrow(usage);
    expect(() => new Decoder({ mode: 'fax' as 'mail' })).toThrow(usage);
    expect(() => decode('text' as unknown as Uint8Array)).toThrow(usage);
  });
});
