import type {
  AlterationChange,
  AlterationKind,
  AlterationRemarkCode,
  AlteredSigner,
  Sentence,
} from './alteration.js';
import type { ChangeNote } from './guess.js';

type Clause = (from: string | undefined, to: string | undefined, detail?: ChangeNote['detail']) => Sentence;

const fixed =
  (en: string, ja: string): (() => Sentence) =>
  () => ({ en, ja });

function turned(from: string | undefined, to: string | undefined): string {
  if (from === undefined) return `added (${to})`;
  return to === undefined ? `removed (${from})` : `changed (${from} became ${to})`;
}

/** What is said of each kind, as a clause that follows a colon or a comma. */
const clauses: Readonly<Record<AlterationKind, Clause>> = {
  'charset-converted': (from, to, detail) => ({
    en: `text converted from ${from} to ${to}${detail === 'label-kept' ? ' under the old label' : ''}`,
    ja: `本文の文字コードが${from}から${to}に変換されました${detail === 'label-kept' ? '（charsetの表示は元のまま）' : ''}`,
  }),
  'charset-relabelled': (from, to) => ({
    en: `charset label changed from ${from} to ${to}`,
    ja: `文字コードの表示（charset）が${from}から${to}に書き換えられました`,
  }),
  'iso-2022-jp-escapes-changed': (from, to) => ({
    en: `ISO-2022-JP written with other escape sequences (${from} became ${to})`,
    ja: `ISO-2022-JPのエスケープシーケンスが書き換えられました（${from}が${to}に）`,
  }),
  'iso-2022-jp-escapes-lost': fixed(
    'the ESC characters of ISO-2022-JP stripped',
    'ISO-2022-JPのエスケープ文字（ESC）が取り除かれました',
  ),
  'width-changed': (from, to) => ({
    en: `characters changed from ${from} to ${to}`,
    ja: `文字が${from === 'half-width' ? '半角' : '全角'}から${to === 'half-width' ? '半角' : '全角'}に変えられました`,
  }),
  'encoded-words-rewritten': (from, to) => ({
    en: `encoded words rewritten from ${from} to ${to}`,
    ja: `ヘッダーのエンコード（encoded-word）が${from}から${to}に書き換えられました`,
  }),
  'field-refolded': (from) => ({
    en: `header field ${from} of the signed part folded anew`,
    ja: `署名された部分のヘッダー${from}の改行位置が変えられました`,
  }),
  'field-case-changed': (from, to) => ({
    en: `letter case changed in a header field of the signed part (${from} became ${to})`,
    ja: `署名された部分のヘッダーで大文字と小文字が変えられました（${from}が${to}に）`,
  }),
  'field-quoting-changed': (from, to) => ({
    en: `quotation marks changed in a header field of the signed part (${from} became ${to})`,
    ja: `署名された部分のヘッダーで引用符の有無が変えられました（${from}が${to}に）`,
  }),
  'field-spacing-changed': (from) => ({
    en: `blanks changed in the header field ${from} of the signed part`,
    ja: `署名された部分のヘッダー${from}の空白が変えられました`,
  }),
  'fields-reordered': fixed(
    'header fields of the signed part put in another order',
    '署名された部分のヘッダーの順序が入れ替えられました',
  ),
  'parameters-changed': (from, to) => ({
    en: `parameters of a header field of the signed part ${turned(from, to)}`,
    ja: `署名された部分のヘッダーのパラメーターが${from === undefined ? `追加されました（${to}）` : to === undefined ? `削除されました（${from}）` : `変えられました（${from}が${to}に）`}`,
  }),
  'field-added': (_, to) => ({
    en: `header field ${to} added to the signed part`,
    ja: `署名された部分にヘッダー${to}が追加されました`,
  }),
  'field-removed': (from) => ({
    en: `header field ${from} removed from the signed part`,
    ja: `署名された部分からヘッダー${from}が削除されました`,
  }),
  'line-ends-changed': (from, to) => ({
    en: `line ends changed from ${from} to ${to}`,
    ja: `改行コードが${from}から${to}に変えられました`,
  }),
  'line-ends-not-canonical': (from) => ({
    en: `signed over ${from} line ends, which the signer should have turned into CRLF`,
    ja: `署名時に改行コードがCRLFに統一されておらず、${from}のまま署名されています`,
  }),
  'trailing-blanks-removed': fixed('blanks at line ends removed', '行末の空白が取り除かれました'),
  'trailing-blanks-added': fixed('blanks added at line ends', '行末に空白が追加されました'),
  'trailing-lines-removed': fixed('empty lines at the end removed', '末尾の空行が取り除かれました'),
  'trailing-lines-added': fixed('empty lines added at the end', '末尾に空行が追加されました'),
  'from-line-quoted': fixed(
    '“>” put before lines that begin with “From ”',
    '「From 」で始まる行の先頭に「>」が付けられました',
  ),
  'from-line-unquoted': fixed(
    '“>” removed from lines that began with “>From ”',
    '「>From 」で始まる行の先頭の「>」が取り除かれました',
  ),
  'dots-doubled': fixed(
    'dots at the beginning of lines doubled',
    '行頭のピリオドが二重になったまま残っています',
  ),
  'dots-removed': fixed('dots at the beginning of lines removed', '行頭のピリオドが取り除かれました'),
  'tabs-changed': (from, to) => ({
    en: `${from} turned into ${to}`,
    ja: from === 'tabs' ? 'タブが空白に置き換えられました' : '空白がタブに置き換えられました',
  }),
  'lines-wrapped': fixed('long lines wrapped', '長い行が折り返されました'),
  'lines-joined': fixed('lines joined', '行がつなげられました'),
  'transfer-encoding-changed': (from, to) => ({
    en: `transfer encoding changed from ${from} to ${to}`,
    ja: `転送エンコーディングが${from}から${to}に変えられました`,
  }),
  'footer-added': fixed('a footer appended', '末尾にフッターが追加されました'),
  'banner-added': fixed('a banner put before the text', '冒頭にバナーが挿入されました'),
  'lines-added': fixed('lines put into the text', '本文に行が挿入されました'),
  'part-added': fixed('a part added to the message', 'メッセージに別のパートが追加されました'),
  'container-changed': (from, to) => ({
    en: `the type of the message changed${from === undefined ? '' : ` from ${from}`}${to === undefined ? '' : ` to ${to}`}`,
    ja: `メッセージの種類（Content-Type）が${from === undefined ? '' : `${from}から`}${to === undefined ? '' : `${to}に`}変えられました`,
  }),
};

/** Labels longer than this are cut in sentences. */
const longestLabel = 60;

/** What comes from a message stands in sentences as a quotation in one line: nobody who sends one shall write them. */
function quoted(label: string | undefined): string | undefined {
  if (label === undefined || /^[\w.+*/-]{1,40}$/.test(label)) return label;
  const line = label
    .slice(0, 2 * longestLabel)
    .replace(/[\p{C}\p{Z}\s]+/gu, ' ')
    .replace(/[“”]/g, '"')
    .trim();
  const characters = [...line];
  const isCut = characters.length > longestLabel || label.length > 2 * longestLabel;
  return `“${characters.slice(0, longestLabel).join('')}${isCut ? '…' : ''}”`;
}

/** The names of a change; those that are not out of the message stand as they are. */
function labels(
  kind: AlterationKind,
  from: string | undefined,
  to: string | undefined,
): { readonly from: string | undefined; readonly to: string | undefined } {
  return ownNames.has(kind) ? { from, to } : { from: quoted(from), to: quoted(to) };
}

const ownNames: ReadonlySet<AlterationKind> = /* @__PURE__ */ new Set<AlterationKind>([
  'iso-2022-jp-escapes-changed',
  'width-changed',
  'line-ends-changed',
  'line-ends-not-canonical',
  'tabs-changed',
]);

/** What is said of one change. */
export function changeClause({ kind, from, to, detail }: ChangeNote): Sentence {
  const { from: old, to: now } = labels(kind, from, to);
  return clauses[kind](old, now, detail);
}

/** What is said of a content that was recovered, and by whose signatures. */
export function recoveredSentence(
  changes: readonly AlterationChange[],
  signers: readonly AlteredSigner[],
): Sentence {
  const [only] = changes;
  const weak = weakness(signers);
  const trust = trustClause(signers);
  // The signer did that: nobody altered anything on the way.
  if (changes.length === 1 && only?.kind === 'line-ends-not-canonical')
    return { en: `${only.message.en}; ${trust.en}`, ja: `${only.message.ja}。${trust.ja}。` };
  const en = listed(changes.map(({ message }) => message.en));
  const ja = changes.map(({ message }) => message.ja).join('。');
  return {
    en: `altered in transit: ${en}; the original content verifies${weak.en}; ${trust.en}`,
    ja: `配送中に変更されています：${ja}。元の内容は署名と一致します${weak.ja}。${trust.ja}。`,
  };
}

/** What is said of digests and signatures that can be forged, of which one is enough to be told. */
function weakness(signers: readonly AlteredSigner[]): Sentence {
  const isWeak = ({ signature, digestAlgorithm: name }: AlteredSigner): boolean =>
    signature === 'weak' || name === 'md5' || name === 'sha1';
  const weak = signers.filter(isWeak).length;
  if (weak === 0) return { en: '', ja: '' };
  if (weak === signers.length)
    return {
      en: ', by an algorithm that can be forged',
      ja: '（ただし、偽造可能な弱いアルゴリズムによる一致です）',
    };
  return {
    en: `, for ${weak} of ${signers.length} signers by an algorithm that can be forged`,
    ja: `（ただし、署名者${signers.length}人のうち${weak}人については、偽造可能な弱いアルゴリズムによる一致です）`,
  };
}

/** A signature says that the content is what was signed; who signed it is another question. */
function trustClause(signers: readonly AlteredSigner[]): Sentence {
  const trusted = signers.filter(({ trust }) => trust === 'trusted').length;
  if (trusted === signers.length)
    return { en: 'the certificate that signed it is trusted', ja: '署名した証明書は信頼されています' };
  if (trusted > 0)
    return {
      en: `of ${signers.length} certificates that signed it only ${trusted} ${trusted === 1 ? 'is' : 'are'} trusted`,
      ja: `署名した証明書${signers.length}件のうち、信頼されているのは${trusted}件だけです`,
    };
  return signers.some(({ trust }) => trust === 'untrusted')
    ? {
        en: 'who signed it is not known, since the certificate is not trusted',
        ja: '証明書が信頼されていないため、署名者が誰であるかは分かりません',
      }
    : { en: 'who signed it was not checked', ja: '署名者が誰であるかは確認していません' };
}

function listed(clauses: readonly string[]): string {
  const last = clauses.at(-1) ?? '';
  return clauses.length < 2 ? last : `${clauses.slice(0, -1).join(', ')}, and ${last}`;
}

/** What is said where nothing fits. */
export const lostSentence: Sentence = {
  en: 'altered: nothing that relays are known to do explains the change',
  ja: '変更されています：中継サーバーなどによる既知の変換では説明できません。',
};

/** What is said where no signature could prove an original. */
export const unprovenSentence: Sentence = {
  en: 'altered, or the signature is: no signature in it holds that could prove what the original was',
  ja: '内容または署名が変更されています：元の内容を証明できる有効な署名がありません。',
};

const remarks: Readonly<Record<AlterationRemarkCode, (detail: string | undefined) => Sentence>> = {
  'weak-digest': (name) => ({
    en: `the digest is ${name}, for which two contents with one digest can be made`,
    ja: `ハッシュが${name}のため、同じ値になる別の内容を作ることができます`,
  }),
  'signature-not-checked': fixed(
    'the signature over the digest was not checked, so the digest itself may be anybody’s',
    'ハッシュに対する署名を検証していないため、ハッシュ自体が本物かどうか分かりません',
  ),
  'signature-invalid': fixed(
    'the signature over the signed attributes does not hold, or one of them is not as it must be',
    '署名属性に対する署名が一致しないか、署名属性に誤りがあります',
  ),
  'signature-valid': fixed(
    'the signature over the signed attributes holds',
    '署名属性に対する署名は有効です',
  ),
  'signature-weak': fixed(
    'the signature over the signed attributes holds, by an algorithm or a key that can be forged',
    '署名属性に対する署名は一致しますが、偽造可能な弱いアルゴリズムまたは鍵によるものです',
  ),
  'signers-differ': fixed(
    'the signers of this signature did not all sign the same content, or not of all it was found',
    'この署名の署名者全員が同じ内容に署名したとは確認できません',
  ),
  'digest-differs': fixed(
    'the signed attribute message-digest is not the digest of the content as it came',
    '署名属性message-digestが、届いた内容のハッシュと異なります',
  ),
  'attribute-missing': (name) => ({
    en: `the signed attribute ${name} is missing`,
    ja: `署名属性${name}がありません`,
  }),
  'content-type-differs': fixed(
    'the signed content type is not that of the content',
    '署名されたコンテンツタイプが実際の内容と異なります',
  ),
  'content-fits-now': fixed(
    'the content shown fits the signed digest',
    '表示されている内容は署名されたハッシュと一致します',
  ),
  'embedded-content-fits': fixed(
    'the signature embeds another content than the one shown, and the embedded one fits the signed digest',
    '署名データに埋め込まれた内容は表示されている内容と異なり、埋め込まれた方が署名と一致します',
  ),
  'other-part-fits': (part) => ({
    en: `the signed digest is that of part ${part} of the message`,
    ja: `署名されたハッシュは、メッセージのパート${part}と一致します`,
  }),
  'file-signature': (part) => ({
    en: `the signature is over the file in part ${part}, which is as it was signed`,
    ja: `この署名はパート${part}のファイルに対するもので、ファイルは署名時のままです`,
  }),
  'line-ends-lf': fixed(
    'the signed part has LF line ends in the message',
    '署名された部分の改行コードがLFになっています',
  ),
  'attachment-replaced': (part) => ({
    en: `part ${part} reads like a note that stands for an attachment that was removed`,
    ja: `パート${part}は、削除された添付ファイルの代わりに入れられた通知のようです`,
  }),
  'footer-suspected': (part) => ({
    en: `part ${part} ends like a footer of a mailing list or a scanner`,
    ja: `パート${part}の末尾は、メーリングリストやウイルス検査のフッターのようです`,
  }),
  'text-damaged': (part) => ({
    en: `the text of part ${part} has octets that stand for nothing in its charset`,
    ja: `パート${part}の本文に、その文字コードでは読めないバイトがあります`,
  }),
  'budget-exhausted': fixed(
    'the search was ended by a limit before everything was tried',
    '上限に達したため、すべての可能性を試す前に打ち切りました',
  ),
  'nothing-provable': fixed(
    'no original was searched for, since no signature holds that could prove one',
    '元の内容を証明できる署名がないため、復元は試みていません',
  ),
  'not-signed': fixed('there is no signature in the message', 'メッセージに署名がありません'),
  encrypted: (part) => ({
    en: `part ${part} is encrypted and was not opened: what is in it is not known`,
    ja: `パート${part}は暗号化されていて開けないため、内容は分かりません`,
  }),
  'signature-unreadable': (part) => ({
    en: `the signature in part ${part} cannot be read: whether its content was altered is not known`,
    ja: `パート${part}の署名を読み取れないため、内容が変更されたかどうかは分かりません`,
  }),
  'content-unknown': (part) => ({
    en: `a digest of the signature in part ${part} cannot be made: whether its content was altered is not known`,
    ja: `パート${part}の署名のハッシュを計算できないため、内容が変更されたかどうかは分かりません`,
  }),
  'nothing-fits': fixed(
    'nothing that was tried gives the signed digest',
    '試したどの変換でも、署名されたハッシュと一致しませんでした',
  ),
};

/** What is said by a remark. */
export function remarkSentence(code: AlterationRemarkCode, detail?: string): Sentence {
  return remarks[code](detail);
}
