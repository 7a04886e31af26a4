/** Japanese as it is written: kana and kanji in runs. */
const RUN = /[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff01-\uff9f]+/g;
const KANA = /[\u3041-\u3096\u30a1-\u30fc]/g;
/** Text of so many characters holds kana, unless it is a list of names. */
const SENTENCE = 16;

/**
 * Whether text that was read in a Japanese charset is likely to be Japanese
 * rather than another language read wrongly. A few letters of a Western one
 * (`coração`, `Þór`) become single kanji between letters, to which detection
 * by frequency has nothing to say; Cyrillic and Thai become text without kana.
 */
export function looksJapanese(text: string): boolean {
  let all = 0;
  let between = 0;
  let kana = 0;
  for (const { 0: run, index } of text.matchAll(RUN)) {
    all += run.length;
    kana += run.match(KANA)?.length ?? 0;
    const touches = /[a-z]/i.test(text.charAt(index - 1)) || /[a-z]/i.test(text.charAt(index + run.length));
    if (run.length === 1 || (run.length <= 3 && touches)) between += run.length;
  }
  // Octets that the charset has no character for are a sign of their own.
  const lost = text.split('\ufffd').length - 1;
  if (all === 0 || between * 2 > all || lost * 10 > all) return false;
  return all < SENTENCE || kana * 6 >= all;
}
