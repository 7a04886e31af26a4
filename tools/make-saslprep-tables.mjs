// Makes src/sasl/saslprep-tables.generated.ts: the tables of RFC 3454 that SASLprep
// (RFC 4013) needs and that are too long to write by hand, read out of Python's
// module "stringprep". Run as: node tools/make-saslprep-tables.mjs

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const read = `
import json, platform, stringprep
def ranges(test):
    found = []
    for code in range(0x110000):
        if test(chr(code)):
            if found and found[-1][1] == code - 1: found[-1][1] = code
            else: found.append([code, code])
    return found
print(json.dumps({
    'version': platform.python_version(),
    'unassigned': ranges(stringprep.in_table_a1),
    'rightToLeft': ranges(stringprep.in_table_d1),
    'leftToRight': ranges(stringprep.in_table_d2),
}))`;

const tables = JSON.parse(execFileSync('python3', ['-c', read], { encoding: 'utf8' }));

/** Numbers in base 36, by turns how far it is to the next range and how many code points follow its first. */
function packed(ranges) {
  let last = 0;
  return ranges
    .flatMap(([from, to]) => {
      const numbers = [from - last, to - from];
      last = to;
      return numbers.map((number) => number.toString(36));
    })
    .join(' ');
}

function literal(text) {
  const lines = text.match(/.{1,100}/g) ?? [''];
  return lines.map((line) => `  '${line}'`).join(' +\n');
}

const constants = [
  ['unassigned', 'Table A.1: code points that Unicode 3.2 does not assign.'],
  ['rightToLeft', 'Table D.1: characters written from right to left.'],
  ['leftToRight', 'Table D.2: characters written from left to right.'],
].map(
  ([name, what]) => `/** ${what} */\nexport const ${name}: string =\n${literal(packed(tables[name]))};\n`,
);

writeFileSync(
  new URL('../src/sasl/saslprep-tables.generated.ts', import.meta.url),
  `// Made by tools/make-saslprep-tables.mjs; do not edit.
//
// Source: RFC 3454, read out of the module "stringprep" of Python ${tables.version}. By turns how far it is
// from the end of one range of code points to the next, and how many more code points it has, in base 36.

${constants.join('\n')}`,
);
