import { jis0208 } from '../../src/iso2022jp/jis0208.js';

/** A small generator of random numbers that gives the same ones in every run (xorshift, 32 bits). */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** A character of JIS X 0208 by row and cell, from 1. */
function character(row: number, cell: number): string {
  return String.fromCharCode(jis0208()[(row - 1) * 94 + cell - 1]!);
}

/** The characters that a range of rows has. */
export function charactersOf(firstRow: number, lastRow: number): string[] {
  const found: string[] = [];
  for (let row = firstRow; row <= lastRow; row++) {
    for (let cell = 1; cell <= 94; cell++)
      if (jis0208()[(row - 1) * 94 + cell - 1] !== 0) found.push(character(row, cell));
  }
  return found;
}

let places: Map<string, [row: number, cell: number]> | undefined;

/** The row and cell of a character, the first one of those that have two. */
export function placeOf(text: string): [row: number, cell: number] {
  if (places === undefined) {
    places = new Map();
    for (let row = 1; row <= 94; row++) {
      for (let cell = 1; cell <= 94; cell++) {
        const unit = jis0208()[(row - 1) * 94 + cell - 1]!;
        if (unit !== 0 && !places.has(String.fromCharCode(unit)))
          places.set(String.fromCharCode(unit), [row, cell]);
      }
    }
  }
  const place = places.get(text);
  if (place === undefined) throw new Error(`${text} is not in the table`);
  return place;
}

const katakanaOctet = (text: string) => text.charCodeAt(0) - 0xff61 + 0xa1;
const isHalfWidth = (text: string) => text >= '\uff61' && text <= '\uff9f';

/** A text in Shift_JIS, by the arithmetic of JIS X 0208:1997, appendix 1. */
export function shiftJisOf(text: string): Uint8Array<ArrayBuffer> {
  const octets: number[] = [];
  for (const one of text) {
    if (one < '\x80') octets.push(one.charCodeAt(0));
    else if (isHalfWidth(one)) octets.push(katakanaOctet(one));
    else {
      const [row, cell] = placeOf(one);
      const lead = Math.floor((row - 1) / 2) + 0x81;
      const odd = row % 2 === 1;
      octets.push(lead < 0xa0 ? lead : lead + 0x40, odd ? cell + (cell < 64 ? 0x3f : 0x40) : cell + 0x9e);
    }
  }
  return Uint8Array.from(octets);
}

/** A text in EUC-JP. */
export function eucJpOf(text: string): Uint8Array<ArrayBuffer> {
  const octets: number[] = [];
  for (const one of text) {
    if (one < '\x80') octets.push(one.charCodeAt(0));
    else if (isHalfWidth(one)) octets.push(0x8e, katakanaOctet(one));
    else octets.push(...placeOf(one).map((number) => number + 0xa0));
  }
  return Uint8Array.from(octets);
}

/**
 * A text in ISO-2022-JP, each character one octet, with `before` in the place of each ESC: nothing, when
 * that was stripped. Without `marks` the rest of the escape sequences is not there either.
 */
export function jisOf(
  text: string,
  { before = '', marks = true }: { before?: string; marks?: boolean } = {},
): string {
  let jis = '';
  let double = false;
  for (const one of text) {
    if (one >= '\x80' !== double) {
      double = !double;
      if (marks) jis += `${before}${double ? '$B' : '(B'}`;
    }
    jis += double ? String.fromCharCode(...placeOf(one).map((number) => number + 0x20)) : one;
  }
  return double && marks ? `${jis}${before}(B` : jis;
}

/** Text as people write it, of our own: letters, news, a technical note, an invoice, a list of names. */
export const runningText = `お世話になっております。先日ご相談した件ですが、来週の火曜日に打ち合わせをお願いできますでしょうか。場所は本社の三階、第二会議室を予定しています。
資料は前日までにメールでお送りします。ご都合が悪い場合は、折り返しご連絡ください。よろしくお願いいたします。
きのうの夜から降り続いた雨は、明け方になってようやく上がった。窓を開けると、湿った土のにおいがした。庭の梅はもう散りかけている。
サーバーの再起動後、データベースへの接続がタイムアウトになる現象を確認しました。ログファイルを添付しますので、バージョンとあわせて調査をお願いします。
請求書番号４２－１７、税込金額１２，８００円、振込手数料は御社負担でお願い申し上げます。支払期限は翌月末日です。
東京都千代田区、大阪市北区、札幌市中央区、福岡県北九州市、京都府宇治市、沖縄県那覇市、長野県松本市。
こんにちは！元気ですか？わたしはとても元気です。またあそびにきてね。おばあちゃんによろしく。
人事異動のお知らせ：営業部長　鈴木、総務課長　佐藤、経理係長　高橋、技術顧問　渡辺、監査役　小林。
コーヒーとケーキのセット、サンドイッチ、スパゲッティ、チョコレートパフェ、アイスクリーム、オレンジジュース。
憲法の改正には各議院の総議員の三分の二以上の賛成が必要であり、国民投票で過半数の賛成を得なければならない。
「それは違う」と彼は言った。「君が見たのは、たぶん影だけだ」。彼女は何も答えず、ただ静かに海を眺めていた。
納期遅延に関するお詫びとご報告、再発防止策の実施状況、品質管理体制の見直し、今後の予定について。`;

/** Words of half-width katakana, as they stand in bank transfers, receipts and subjects. */
export const halfWidthWords =
  'ﾌﾘｺﾐ ﾃｽｳﾘｮｳ ｶﾌﾞｼｷｶﾞｲｼｬ ﾔﾏﾀﾞ ﾀﾛｳ ｽｽﾞｷ ﾊﾅｺ ﾃｽﾄ ﾒｰﾙ ﾃﾞｰﾀ ﾊﾞｯｸｱｯﾌﾟ ｼｽﾃﾑ ｴﾗｰ ﾌﾟﾘﾝﾀ ｷｬﾝﾍﾟｰﾝ ｾｰﾙ ｻｰﾋﾞｽ ﾆｭｰｽ ﾎﾟｲﾝﾄ ｶｰﾄﾞ ﾄｳｷｮｳ ｵｵｻｶ ﾅｺﾞﾔ ｷﾞﾝｺｳ ﾌﾂｳ ﾖｷﾝ ｺｳｻﾞ ﾊﾞﾝｺﾞｳ ｹﾝｺｳ ﾎｹﾝ ﾃﾞﾝｷ ﾘｮｳｷﾝ ｽｲﾄﾞｳ ｶﾞｽ ｲﾝﾀｰﾈｯﾄ ﾌﾟﾛﾊﾞｲﾀﾞ ｹｰﾌﾞﾙ ﾃﾚﾋﾞ ｼﾝﾌﾞﾝ ｱﾊﾟｰﾄ ﾏﾝｼｮﾝ ｺﾝﾋﾞﾆ ｽｰﾊﾟｰ ﾚｽﾄﾗﾝ ﾎﾃﾙ ﾀｸｼｰ ﾊﾞｽ'.split(
    ' ',
  );
