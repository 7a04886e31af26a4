import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

const folder = new URL('../../docs/', import.meta.url);
const page = readFileSync(new URL('rfcs.md', folder), 'utf8');

/** One rule of an RFC, as the page has it. */
interface Rule {
  readonly line: number;
  readonly section: string;
  readonly level: string;
  readonly rule: string;
  readonly shownBy: string;
}

const levels = /^(?:MUST(?:-| NOT)?|SHALL|SHOULD(?:\+| NOT)?|RECOMMENDED|advice)$/;
const shownByTest = /\[[^\]]+\]\((\.\.\/test\/[^)]+\.test\.ts)\) `([^`]+)`/g;

const rules: readonly Rule[] = page.split('\n').flatMap((text, i) => {
  const cells = /^\| (.+) \|$/
    .exec(text)?.[1]
    ?.split(' | ')
    .map((cell) => cell.trim());
  if (cells === undefined || cells[0] === '§' || cells[0]?.startsWith('---') === true) return [];
  const [section = '', level = '', rule = '', shownBy = '', ...more] = cells;
  expect(more, `line ${i + 1} has four cells`).toEqual([]);
  return [{ line: i + 1, section, level, rule, shownBy }];
});

/** How a rule is kept, by the words that the last cell begins with. */
function kindOf({ shownBy }: Rule): 'tests' | 'caller' | 'otherwise' | 'not kept' | 'nothing' {
  for (const kind of ['caller', 'otherwise', 'not kept'] as const)
    if (shownBy.startsWith(`${kind}: `)) return kind;
  return testsOf(shownBy).length > 0 ? 'tests' : 'nothing';
}

function testsOf(shownBy: string): { readonly file: string; readonly name: string }[] {
  return [...shownBy.matchAll(shownByTest)].map(([, file = '', name = '']) => ({ file, name }));
}

/** What a file calls its tests and groups, and all other texts in it, from which a table makes names. */
interface Names {
  readonly titles: readonly string[];
  readonly texts: ReadonlySet<string>;
}

const read = new Map<string, Names>();

function namesIn(file: string): Names {
  const known = read.get(file);
  if (known !== undefined) return known;
  const path = fileURLToPath(new URL(file, folder));
  const titles: string[] = [];
  const texts = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isStringLiteralLike(node)) texts.add(node.text);
    if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name)) texts.add(node.name.text);
    if (ts.isCallExpression(node) && /^(?:test|it|describe)/.test(rootName(node.expression))) {
      const [title] = node.arguments;
      if (title !== undefined && ts.isStringLiteralLike(title)) titles.push(title.text);
      if (title !== undefined && ts.isTemplateExpression(title)) titles.push(withHoles(title));
      // A helper makes the name, as those of Wycheproof's files do.
      if (title !== undefined && ts.isIdentifier(title)) titles.push('%s');
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest));
  const names = { titles, texts };
  read.set(file, names);
  return names;
}

/** `test` of `test.each([...])`, of `test.skipIf(...)`, and so on. */
function rootName(expression: ts.Expression): string {
  if (ts.isIdentifier(expression)) return expression.text;
  if (ts.isCallExpression(expression) || ts.isPropertyAccessExpression(expression))
    return rootName(expression.expression);
  return '';
}

function withHoles({ head, templateSpans }: ts.TemplateExpression): string {
  return head.text + templateSpans.map(({ literal }) => `%s${literal.text}`).join('');
}

/** Whether a title, with whatever its table puts in the place of `%s` or `$name`, is that name. */
function isTitle(title: string, name: string, texts: ReadonlySet<string>): boolean {
  if (title === name) return true;
  const pieces = title.split(/%[sidfjo#]|\$[a-z]\w*/i);
  // A title that is nothing but a hole fits everything, so its table has to say the name.
  if (pieces.join('').trim() === '') return texts.has(name);
  const escaped = pieces.map((piece) => piece.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&'));
  return pieces.length > 1 && new RegExp(`^${escaped.join('.+')}$`).test(name);
}

describe('docs/rfcs.md', () => {
  test(`has its ${rules.length} rules in order, each with a level`, () => {
    expect(rules.length).toBeGreaterThan(150);
    for (const { line, section, level, rule } of rules) {
      expect(`${line}: ${section}`).toMatch(/^\d+: (?:\d+|[A-C])(?:\.\d+)*$/);
      expect(level, `line ${line}`).toMatch(levels);
      expect(rule, `line ${line}`).not.toBe('');
    }
  });

  test('says of every rule what shows it', () => {
    expect(
      rules.filter((rule) => kindOf(rule) === 'nothing').map(({ line, rule }) => `${line}: ${rule}`),
    ).toEqual([]);
  });

  const named = rules.flatMap(({ line, shownBy }) => testsOf(shownBy).map((each) => ({ line, ...each })));

  test(`names ${named.length} times tests that there are`, () => {
    expect(named.length).toBeGreaterThan(150);
    const missing = named.filter(({ file, name }) => {
      if (!existsSync(fileURLToPath(new URL(file, folder)))) return true;
      const { titles, texts } = namesIn(file);
      return !titles.some((title) => isTitle(title, name, texts));
    });
    expect(missing.map(({ line, file, name }) => `${line}: ${file}: ${name}`)).toEqual([]);
  });

  test('gives with every deviation the decision on it, and no link leads nowhere', () => {
    for (const rule of rules) {
      if (kindOf(rule) === 'otherwise' || kindOf(rule) === 'not kept')
        expect(rule.shownBy, `line ${rule.line}`).toMatch(/\]\(decisions\/[a-z0-9-]+\.md\)/);
    }
    const links = [...page.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !existsSync(fileURLToPath(new URL(link, folder))))).toEqual([]);
  });

  test('counts what it has', () => {
    const counts = new Map<string, number[]>();
    for (const rule of rules) {
      const strength = /^(?:MUST|SHALL)/.test(rule.level) ? 0 : rule.level === 'advice' ? 2 : 1;
      const of = counts.get(kindOf(rule)) ?? [0, 0, 0];
      of[strength] = (of[strength] ?? 0) + 1;
      counts.set(kindOf(rule), of);
    }
    const of = (kind: string): string => (counts.get(kind) ?? [0, 0, 0]).join(' · ');
    const said = /^Of MUST · SHOULD · advice: (.+)$/m.exec(page)?.[1];
    expect(said).toBe(
      `${of('tests')} shown by tests; ${of('caller')} the caller’s; ${of('otherwise')} kept otherwise; ${of('not kept')} not kept.`,
    );
  });

  test('knows a name that is not there', () => {
    const { titles, texts } = namesIn('../test/docs/rfcs.test.ts');
    expect(titles.some((title) => isTitle(title, 'knows a name that is not there', texts))).toBe(true);
    expect(isTitle('of %d bits are made', 'of 1024 bits are made', texts)).toBe(true);
    expect(isTitle('of %d bits are made', 'of 1024 bits are not made', texts)).toBe(false);
    expect(isTitle('%s', 'whatever', new Set(['something']))).toBe(false);
  });
});
